"""Votes: the same question several times, and the median or majority of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Literal

from wildsim.minds.mind import Decision, Field, Question

By = Literal["median", "majority"]


def ballots_of(question: Question, votes: int) -> list[Question]:
    """Return the question as each voter gets it; their answers are independent since the purpose is in every key."""
    return [replace(question, purpose=f"vote {number}") for number in range(1, votes + 1)]


def counted(question: Question, ballots: Sequence[Decision], by: By) -> Decision:
    """Return what the ballots decide together.

    Ballots that fell back to the rule do not count; with none left the decision falls back. Of an even number the lower
    of the two middle values is taken for whole numbers, and of equally frequent values the smallest.
    """
    valid = [ballot for ballot in ballots if ballot.source != "fallback"]
    calls = tuple((key, weight / len(ballots)) for ballot in ballots for key, weight in ballot.calls)
    if not valid:
        return Decision({}, "fallback", ballots[0].reason, calls)
    values = {}
    for f in question.fields:
        cast = [ballot.values[f.name] for ballot in valid if f.name in ballot.values]
        if cast:
            values[f.name] = _common(cast, f, by)
    lost = len(ballots) - len(valid)
    reason = f"{lost} of {len(ballots)} votes unusable" if lost else ""
    repaired = any(ballot.repaired for ballot in valid)
    return Decision(values, valid[0].source, reason, calls, repaired, valid[0].note, valid[0].letter)


def _common(cast: Sequence[float], f: Field, by: By) -> float:
    if by == "majority":
        counts = Counter(cast)
        most = max(counts.values())
        return min(value for value, count in counts.items() if count == most)
    middle = float(median(cast))
    return float(sorted(cast)[(len(cast) - 1) // 2]) if f.whole else middle
