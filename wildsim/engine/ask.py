"""An interview with an agent of a finished run: the talk about one decision goes on, and the run stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.core.errors import InputError, RunError, did_you_mean
from wildsim.engine.speech import TAPE
from wildsim.minds.language.call import SCRIPTED

if TYPE_CHECKING:
    from wildsim.engine.api import Run
    from wildsim.minds.language.call import Message, Model
    from wildsim.minds.language.store import Record

HINT = (
    "The simulation is paused and somebody who studies it asks you about this decision. Answer in plain words, "
    "truthfully and briefly; nothing that you say changes it."
)


@dataclass(frozen=True)
class Interview:
    """An answer.

    Attributes:
        agent, month, role: Who was asked. model: Who answered. question, answer: What was said. scripted: Whether no
            language model answered. decided: Field -> number as executed on.
    """

    agent: str
    month: int
    role: str
    model: str
    question: str
    answer: str
    scripted: bool
    decided: dict[str, float]


def conversation(run: Run, arm: str, seed: int, agent: str, month: int, role: str | None = None) -> Record:
    """Return the call that ended an agent's decision: its last repair where there was one, of several votes the first.

    Raises:
        InputError: The agent made no call that month; says what it decided and who did.
    """
    from wildsim.minds.language.store import read_calls

    path = run.path / "arms" / arm / f"seed={seed}" / TAPE
    calls = list(read_calls(path, agent=agent, month=month)) if path.is_file() else []
    calls = [call for call in calls if call.purpose != "reflect"]
    roles = sorted({call.role for call in calls})
    if role is not None and role not in roles and roles:
        raise InputError(
            f"{agent} made no call as '{role}' in month {month}.{did_you_mean(role, roles)} It has: {roles}."
        )
    if role is None and len(roles) > 1:
        raise InputError(f"{agent} decided in several roles in month {month}; name one: --role {' or '.join(roles)}")
    calls = [call for call in calls if role in (None, call.role)]
    if not calls:
        raise InputError(_nothing_to_ask(run, path, arm, seed, agent, month))
    first = min(calls, key=_order)
    repairs = [call for call in calls if call.purpose.endswith("repair 1") and _stem(call) == _stem(first)]
    return repairs[-1] if repairs else first


def _stem(call: Record) -> str:
    """Return the purpose without its repair: "decide" or "vote 2"."""
    stem = call.purpose.removesuffix("repair 1").strip()
    return stem or "decide"


def _order(call: Record) -> tuple[int, str]:
    return len(call.purpose), call.purpose


def decided(run: Run, arm: str, seed: int, agent: str, month: int) -> dict[str, float]:
    """Return what an agent's decision of a month was as executed, field -> number; empty where none was recorded."""
    try:
        table = run.decisions(agent=agent, month=month, arm=arm, seed=seed)
    except InputError:
        return {}
    return {str(field): float(value) for field, value in zip(table["field"], table["executed"], strict=True)}


def _nothing_to_ask(run: Run, path: Path, arm: str, seed: int, agent: str, month: int) -> str:
    """Return why there is nobody to ask, with the decision where there was one."""
    from wildsim.minds.language.store import read_calls

    there = f"in month {month} of arm '{arm}', seed {seed}"
    numbers = decided(run, arm, seed, agent, month)
    if numbers:
        table = run.decisions(agent=agent, month=month, arm=arm, seed=seed)
        source = str(table["source"].iloc[0])
        told = ", ".join(f"{name} {value:.4g}" for name, value in numbers.items())
        return f"{agent} made no call {there}: its decisions came from '{source}' ({told}). There is no model to ask."
    calls = list(read_calls(path)) if path.is_file() else []
    if not calls:
        return f"Nobody made a call in arm '{arm}', seed {seed} of '{run.path}': no language model decided there."
    months = sorted({call.month for call in calls if call.agent == agent})
    if months:
        spans = f"{months[0]} to {months[-1]}" if len(months) > 1 else str(months[0])
        return f"{agent} made no call {there}; it made {len(months)}, in months {spans}."
    known = sorted({call.agent for call in calls}, key=lambda name: (len(name), name))
    few = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
    return f"'{agent}' made no call {there}.{did_you_mean(agent, known)} Those who did: {few}."


def model_of(run: Run, arm: str, call: Record, *, name: str = "", backend: str = "", **changes: Any) -> Model:
    """Return the model to be asked: the one that decided, or another.

    Args:
        name, backend: Of another model. changes: Other attributes of a Model, None for those of the decision's.

    Raises:
        InputError: A person decided, and no model is named.
    """
    from wildsim.minds.language.call import Model

    known = {key: value for key, value in call.sampling.items() if key in Model.__dataclass_fields__}
    given = {key: value for key, value in changes.items() if value is not None}
    if name:
        known |= {"backend": backend or "litellm", "api_base": ""}
        return Model(**{**known, "name": name, **given})
    if call.model == "human":
        raise InputError(f"A person decided for {call.agent}; ask a model in its place: --model NAME")
    entries = next(one.scenario.minds for one in run._folder.plan.arms if one.name == arm)
    mine = [entry for entry in entries if entry.role == call.role and call.model in entry.models]
    if mine:  # the tape holds neither the name of the key nor the patience
        known |= {"api_key_env": mine[0].api_key_env, "timeout_s": mine[0].timeout_s, "api_base": mine[0].api_base}
    return replace(Model(**{**known, "name": call.model}), **given | ({"backend": backend} if backend else {}))


def interview(run: Run, arm: str, seed: int, call: Record, model: Model, question: str) -> Interview:
    """Put a question to the model behind a decision; nothing is written.

    Raises:
        InputError: The question is empty, or the model cannot be asked. RunError: It gave no answer.
    """
    if not question.strip():
        raise InputError('The question is empty: wildsim ask RUN --agent ID --month M "Why did you ...?"')
    numbers = decided(run, arm, seed, call.agent, call.month)
    answer = SCRIPTED if model.scripted else _asked(model, call, [*_messages(call), *_question(question)], question)
    return Interview(call.agent, call.month, call.role, model.name, question, answer, model.scripted, numbers)


def _messages(call: Record) -> list[Message]:
    """Return the conversation of the decision, its answer included."""
    from wildsim.minds.language.call import Message, Reply

    said = [Message(role, text) for role, text in call.messages]  # type: ignore[arg-type]
    text = call.answer.text if isinstance(call.answer, Reply) else ""
    return [*said, Message("assistant", text or "(nothing)")]


def _question(question: str) -> list[Message]:
    from wildsim.minds.language.call import Message

    return [Message("user", f"{HINT}\n\n{question}")]


def _asked(model: Model, call: Record, messages: Sequence[Message], question: str) -> str:
    """Return the answer of a model.

    Raises:
        RunError: There is none.
    """
    from wildsim.minds.language.call import Asker, Call, Failure
    from wildsim.minds.language.chain import Language
    from wildsim.minds.language.settings import Settings

    purpose = f"ask {hashlib.sha256(question.encode('utf-8', 'replace')).hexdigest()[:16]}"
    asker = Asker(call.seed, call.agent, call.month, call.role, purpose)
    with Language(Settings()) as language:  # no tape and no cache: the run stays as it is
        (answer,) = language.ask([Call(model, tuple(messages), asker)])
    if isinstance(answer, Failure):
        raise RunError(f"'{model.name}' gave no answer: {answer.kind}: {answer.why}")
    return answer.text
