"""Decisions with the feedback that followed, one JSON line a decision: data to train minds on.

Feedback is what the society itself had: the reward made of what sensors published, in the month in which that was
known; nothing true, and nothing sealed. No line is left out: what a decision is not good for stands in its flags, with
the reason why it should not be learned from. Text of models and people is data: escaped, on one line, never obeyed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.core.errors import InputError
from wildsim.engine import files
from wildsim.engine.speech import TAPE
from wildsim.feedback.reward import Reward, Rewarded
from wildsim.minds.human import PERSON
from wildsim.minds.language.call import Reply
from wildsim.minds.language.store import Record, read_calls
from wildsim.minds.mind import OWN
from wildsim.sensors.reading import LEFT_OUT, MEASURED

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.api import Run

FILE = "training.jsonl"
NUMBERS = ("rule", "proposed", "guarded", "executed")
#: Longest stretch of months whose rewards a decision is credited with.
MOST_OVER = 480
#: Characters of a call's key by which decisions name it.
_SHORT = 16


@dataclass(frozen=True)
class Feedback:
    """What was known in the end of the months after a decision.

    Attributes:
        rewards: By period. discount: Worth of a month later.
        left_out: Period -> which readings behind it curation had taken something from, in words.
        asked: Whether the scenario rewards anything.
    """

    rewards: Mapping[int, Rewarded]
    discount: float
    left_out: Mapping[int, list[str]]
    asked: bool

    def of(self, month: int, over: int) -> dict[str, Any]:
        """Return the reward of the months from `month` on; null as long as one of them is not known."""
        periods = range(month, month + over)
        known = [self.rewards[period] for period in periods if period in self.rewards]
        value = Reward((), self.discount).total([one.value for one in known]) if len(known) == over else math.nan
        whole = math.isfinite(value)
        return {
            "periods": [periods[0], periods[-1]],
            "value": value if whole else None,
            "known_in": max(one.known_in for one in known) if whole else None,
            "by_month": [{"value": one.value, "known_in": one.known_in, "parts": one.parts} for one in known],
            "left_out": [text for period in periods for text in self.left_out.get(period, [])],
        }


def export_training(run: Run, out: Path | None = None, over: int = 1) -> list[Path]:
    """Write training.jsonl, every decision of a mind in every arm and seed, and return its path.

    Args:
        over: Months, the decision's own first, whose rewards it is credited with, discounted as the scenario says.

    Raises:
        InputError: Nobody but the rules decided, or `over` is out of range.
    """
    if not 1 <= over <= MOST_OVER:
        raise InputError(f"--over is {over}; it must be 1 to {MOST_OVER} months.")
    if not run.minded:
        raise InputError(
            f"No mind but the rules decided in '{run.path}': there is nothing to learn from. Give agents minds: "
            "wildsim list roles"
        )
    path = (out or run.path / "export") / FILE
    with files.writing(path) as stream:
        for arm in run.minded:
            for seed in run.seeds:
                for line in lines(run, arm, seed, over):
                    stream.write(_text(line).encode("ascii") + b"\n")
        stream.flush()
    return [path]


def lines(run: Run, arm: str, seed: int, over: int) -> Iterator[dict[str, Any]]:
    """Yield the decisions of one arm and seed by month, role and agent."""
    table = run.decisions(arm=arm, seed=seed)
    feedback = feedback_of(run, arm, seed)
    tape = run.path / "arms" / arm / f"seed={seed}" / TAPE
    for month in sorted(table["month"].unique().tolist()):
        now = table[table["month"] == month].astype({name: object for name in ("agent", "role")})
        calls = {call.key[:_SHORT]: call for call in read_calls(tape, month=month)} if tape.is_file() else {}
        # a person who leaves a month to the rule is asked and recorded, though the decision names no call
        seats = {(call.role, call.agent): [key] for key, call in calls.items() if call.model == PERSON.name}
        for (role, agent), rows in now.groupby(["role", "agent"], sort=True):
            keys = _keys(rows) or seats.get((role, agent), [])
            if keys or (rows["source"].astype(str) != "rule").any():
                head = {"run": run.name, "arm": arm, "seed": seed, "month": int(month), "agent": agent, "role": role}
                behind = [calls[key] for key in keys if key in calls]
                flags = _flags(rows, behind) + ["calls_missing"] * (len(behind) < len(keys))
                yield head | _decision(rows, behind) | _judged(rows, flags, feedback.of(int(month), over), feedback)


def feedback_of(run: Run, arm: str, seed: int) -> Feedback:
    """Return the rewards of one arm and seed as they were first known, and what curation had left out of them."""
    try:
        table = run.rewards(arm, seed)
    except InputError:
        return Feedback({}, 1.0, {}, asked=False)
    names = [name for name in table.columns if name not in ("period", "known_in", "value")]
    rewards = {
        int(row["period"]): Rewarded(
            int(row["period"]), int(row["known_in"]), float(row["value"]), {name: float(row[name]) for name in names}
        )
        for row in table.to_dict("records")
    }
    section = next(one for one in run.settings["arms"] if one["name"] == arm)["scenario"].get("reward", {})
    return Feedback(rewards, float(section.get("discount", 1.0)), _left_out(run, arm, seed, names), asked=True)


def _left_out(run: Run, arm: str, seed: int, names: Sequence[str]) -> dict[int, list[str]]:
    try:
        sensed = run.sensed(arm, seed)
    except InputError:
        return {}
    found: dict[int, list[str]] = {}
    touched = sensed[sensed["indicator"].isin(names) & sensed["quality"].astype(str).str.contains(LEFT_OUT)]
    for row in touched.to_dict("records"):
        text = f"{row['indicator']}: {str(row['quality']).removeprefix(f'{MEASURED}: ')}"
        found.setdefault(int(row["period"]), []).append(text)
    return found


def _keys(rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(key for ids in rows["call_ids"].astype(str) for key in ids.split()))


def _decision(rows: pd.DataFrame, behind: Sequence[Record]) -> dict[str, Any]:
    """Return what was asked, answered, and done."""
    answered = [call for call in behind if isinstance(call.answer, Reply)]
    return {
        "source": _source(rows),
        "human_seat": _is_seat(rows, behind),
        "model": behind[0].model if behind else None,
        "prompt": _messages(behind[0]) if behind else None,
        "answer": answered[-1].answer.text if answered and isinstance(answered[-1].answer, Reply) else None,
        "fields": {
            str(row["field"]): {
                **{name: float(row[name]) for name in NUMBERS},
                "source": str(row["source"]),
                "reason": str(row["reason"]),
            }
            for row in rows.to_dict("records")
        },
        "calls": [_call(call) for call in behind],
    }


def _source(rows: pd.DataFrame) -> str:
    """Return who decided: the mind where it decided any field."""
    sources = [str(source) for source in rows["source"]]
    return next((source for source in sources if source != "rule"), "rule")


def _is_seat(rows: pd.DataFrame, behind: Sequence[Record]) -> bool:
    return _source(rows) == "human" or any(call.model == PERSON.name for call in behind)


def _messages(call: Record) -> list[dict[str, str]]:
    return [{"role": role, "content": text} for role, text in call.messages]


def _call(call: Record) -> dict[str, Any]:
    """Return one call as plain data; what nobody knows of it is null."""
    answer = call.answer
    if isinstance(answer, Reply):
        kept = ("text", "prompt_tokens", "completion_tokens", "revision", "finish", "note")
        traces = ("prompt_ids", "completion_ids", "logprobs", "tokens")
        told = {name: getattr(answer, name) for name in kept}
        told |= {name: list(getattr(answer, name)) for name in traces if getattr(answer, name)}
    else:
        told = {"failure": answer.kind, "why": answer.why}
    asked = {"key": call.key, "agent": call.agent, "purpose": call.purpose, "model": call.model}
    return asked | {"sampling": call.sampling, "messages": _messages(call), "answer": told}


def _judged(rows: pd.DataFrame, flags: list[str], reward: dict[str, Any], feedback: Feedback) -> dict[str, Any]:
    """Return the reward, what is to be known of the line, and whether it should be learned from."""
    flags += ["nothing_rewarded"] * (not feedback.asked)
    flags += ["reward_not_known_yet"] * (feedback.asked and reward["value"] is None)
    flags += ["feedback_curated"] * bool(reward["left_out"])
    why = _why_dropped(rows, flags)
    return {"reward": reward, "flags": flags, "use": not why, "dropped": why or None}


def _flags(rows: pd.DataFrame, behind: Sequence[Record]) -> list[str]:
    reasons = rows["reason"].astype(str)
    source, agent = _source(rows), str(rows["agent"].iloc[0])
    changed = ~((rows["guarded"] == rows["proposed"]) | (rows["guarded"].isna() & rows["proposed"].isna()))
    rationed = ~((rows["executed"] == rows["guarded"]) | (rows["executed"].isna() & rows["guarded"].isna()))
    found = {
        source: source in ("fallback", "scripted", "random", "replay"),
        "human": _is_seat(rows, behind),
        "left_to_the_rule": source == "rule",
        "some_fields_by_the_rule": source not in ("rule", "fallback") and bool((rows["source"] == "rule").any()),
        "repaired": bool(reasons.str.startswith("Repaired").any()),
        "out_of_range": bool(changed.any()),
        "rationed": bool(rationed.any()),
        "voted": any(call.purpose.startswith("vote") for call in behind),
        "shared_call": any(call.agent != agent for call in behind),
    }
    return [name for name, holds in found.items() if holds]


def _why_dropped(rows: pd.DataFrame, flags: Sequence[str]) -> str:
    """Return why nothing should be learned from a decision, the first reason that holds; "" for none."""
    source = _source(rows)
    if source == "fallback":
        return "the rule decided, since the answer could not be used: " + str(rows["reason"].iloc[0])
    if source not in OWN:
        return f"the agent did not decide itself: {source}"
    if "calls_missing" in flags:
        return "what was asked and answered is not on the tape"
    if "nothing_rewarded" in flags:
        return "the scenario rewards nothing"
    if "reward_not_known_yet" in flags:
        return "the reward of its months was not known by the end of the run"
    return ""


def _text(line: Mapping[str, Any]) -> str:
    """Return one line of JSON in ASCII: nothing in it can end the line, or be obeyed by a terminal."""
    return json.dumps(files.without_nan(line), ensure_ascii=True, allow_nan=False)
