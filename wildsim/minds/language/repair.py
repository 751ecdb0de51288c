"""Asks for decisions in text: one batch, one more for answers that cannot be used, and a reason for what remains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wildsim.minds.language.answers import Reading, read, schema_of
from wildsim.minds.language.call import Answer, Asker, Call, Failure, Message, Model, Reply
from wildsim.minds.mind import Field

if TYPE_CHECKING:
    from wildsim.minds.language.chain import Language

_LONGEST_QUOTE = 2000


@dataclass(frozen=True)
class TextQuestion:
    """One decision to be asked of a language model.

    Attributes:
        messages: The prompt. fields: What is to be decided. asker: For whom. model: Who is asked.
        structured: Whether the server is asked to hold the answer to the schema, where it can.
    """

    messages: tuple[Message, ...]
    fields: tuple[Field, ...]
    asker: Asker
    model: Model
    structured: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        values: Field -> finite number as proposed; empty where nothing could be used, and the rule decides.
        repaired: Whether it took a second answer. reason: Why there are no values, or what was odd about them.
        keys: Of the calls made. note, letter: The model's own reason, and what it writes to friends (data).
        answers: What came back, in the order asked.
    """

    values: dict[str, float]
    repaired: bool
    reason: str
    keys: tuple[str, ...]
    note: str = ""
    letter: str = ""
    answers: tuple[Answer, ...] = field(default=(), repr=False, compare=False)


def repair_messages(call: Call, reply: Reply, problems: Sequence[str], fields: Sequence[Field]) -> tuple[Message, ...]:
    """Return the conversation that asks once more: the prompt, the answer, and what is wrong with it."""
    text = reply.text if len(reply.text) <= _LONGEST_QUOTE else reply.text[:_LONGEST_QUOTE] + " ..."
    faults = "\n".join(f"- {problem}" for problem in problems)
    names = ", ".join(f'"{asked.name}"' for asked in fields)
    again = (
        f"That answer cannot be used:\n{faults}\n\nAnswer once more, with one JSON object and nothing else. "
        f"Its keys: {names}. Each value is one plain number within its bounds, or one of its choices."
    )
    return (*call.messages, Message("assistant", text or "(nothing)"), Message("user", again))


def decide_in_text(language: Language, questions: Sequence[TextQuestion]) -> list[Outcome]:
    """Ask all questions in one batch, repair in a second one what cannot be used, and return what came of each.

    Raises:
        RunError: As Language.ask does; never for what a model answers.
    """
    shared = language.settings.share_samples
    calls = [_call(question, shared) for question in questions]
    answers = language.ask(calls)
    readings = [_read(answer, question) for answer, question in zip(answers, questions, strict=True)]
    again = [place for place, reading in enumerate(readings) if reading is not None and not reading.usable]
    repairs = [_repair(calls[k], answers[k], readings[k], questions[k]) for k in again]
    seconds = dict(zip(again, zip(repairs, language.ask(repairs), strict=True), strict=True))
    return [
        _outcome(question, calls[k], answers[k], readings[k], seconds.get(k)) for k, question in enumerate(questions)
    ]


def _call(question: TextQuestion, shared: bool) -> Call:
    schema = schema_of(question.fields) if question.structured else None
    return Call(question.model, question.messages, question.asker, schema, shared)


def _repair(call: Call, answer: Answer, reading: Reading | None, question: TextQuestion) -> Call:
    assert isinstance(answer, Reply), answer
    assert reading is not None  # only a reply that was read is repaired
    purpose = "repair 1" if call.asker.purpose == "decide" else f"{call.asker.purpose} repair 1"
    messages = repair_messages(call, answer, reading.problems, question.fields)
    return replace(call, messages=messages, asker=replace(call.asker, purpose=purpose))


def _read(answer: Answer, question: TextQuestion) -> Reading | None:
    return read(answer.text, question.fields) if isinstance(answer, Reply) else None


def _outcome(
    question: TextQuestion,
    call: Call,
    answer: Answer,
    reading: Reading | None,
    second: tuple[Call, Answer] | None,
) -> Outcome:
    """Return what came of one question; a failed call is not repaired, since it was tried again already."""
    if isinstance(answer, Failure):
        return Outcome({}, False, f"{answer.kind}: {answer.why}", (call.key,), answers=(answer,))
    assert reading is not None  # a reply has been read
    if second is None:
        return Outcome(
            dict(reading.values), False, " ".join(reading.problems), (call.key,), reading.why, reading.letter, (answer,)
        )
    first = " ".join(reading.problems)
    keys, answers = (call.key, second[0].key), (answer, second[1])
    if isinstance(second[1], Failure):
        return Outcome({}, False, f"{first} Asked again: {second[1].kind}: {second[1].why}", keys, answers=answers)
    final = read(second[1].text, question.fields)
    if not final.usable:
        return Outcome({}, False, f"{first} Asked again: {' '.join(final.problems)}", keys, answers=answers)
    rest = f" Then: {' '.join(final.problems)}" if final.problems else ""
    return Outcome(dict(final.values), True, f"Repaired: {first}{rest}", keys, final.why, final.letter, answers)
