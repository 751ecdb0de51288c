"""A question as messages to a language model: the role's template with what this agent sees, remembers and decides.

A template is text with `$places`. A line `---` parts what goes out as the system message from the user's message.
There, a section begins with a line `## ...`; one that holds a place of OPTIONAL is left out where there is nothing to
put in. What agents wrote (memory, letters) is quoted, a line each, so that it can neither close a block nor look like a
heading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import Template

from wildsim.core.errors import InputError, did_you_mean
from wildsim.minds.block import FENCE, UNKNOWN, field_block, number
from wildsim.minds.language.call import Message
from wildsim.minds.mind import Question, Seen
from wildsim.minds.phrases import PHRASES
from wildsim.minds.roles.role import Role
from wildsim.sensors.own import LAW_BOOK

#: Places that a template must have, those that it may have, and those whose section goes where they are empty.
NEEDED = ("seen", "fields", "answer")
OPTIONAL = ("persona", "memory", "letters")
PLACES = (*NEEDED, *OPTIONAL, "title", "goal", "agent", "month", "ask")
PART = "\n---\n"
#: Longest text of another agent, or remembered line, in characters.
LONGEST_QUOTE = 600
#: Units of one.
SINGULAR = {"people": "person", "months": "month", "papers": "paper", "posts": "post", "titles": "title"}


def messages_of(
    question: Question,
    role: Role,
    *,
    exact: bool = False,
    show_rule: bool = True,
    template: str | None = None,
    paraphrase: int = 0,
) -> tuple[Message, ...]:
    """Return the system and the user message that put a question to a language model.

    Args:
        exact: Print numbers to the last bit rather than to 4 significant digits. show_rule: Say what the rule of thumb
            would do. template: Text in place of the role's own. paraphrase: Which wording of the instructions, from 0.

    Raises:
        InputError: The template is not one (see `check_template`).
    """
    system, sections = _parts(role.template if template is None else template)
    said = PHRASES[paraphrase % len(PHRASES)]
    values = {
        "title": role.title,
        "goal": role.goal,
        "agent": question.agent,
        "month": str(question.month),
        "ask": said.ask,
        "answer": f"{said.answer} {WRITE}" if question.may_write else said.answer,
        "persona": _one_line(question.persona),
        "seen": _seen(question, exact),
        "memory": "\n".join([f"- {quoted(text)}" for text in question.memory]),
        "letters": _letters(question.letters),
        "fields": field_block(question.fields, exact, show_rule),
    }
    kept = [text for text in sections if not text.optional or any(values[place] for place in text.optional)]
    return Message("system", system.fill(values)), Message("user", "\n\n".join([text.fill(values) for text in kept]))


#: Asks for a letter, where an agent may write one.
WRITE = (
    'You may also tell your friends something, which they read next month: add "letter": "one or two sentences" to '
    "your answer."
)


def task_messages(question: Question) -> tuple[Message, ...]:
    """Return the messages that put a question with a text of its own, an experiment's, to a language model."""
    block = field_block(question.fields, show_rule=False)
    return (Message("user", f"{question.text}\n\n{block}\n\n{PHRASES[0].answer_alone}"),)


@dataclass(frozen=True)
class _Section:
    """A part of a template: text and the place behind it, in turn ("" behind the last text)."""

    pieces: tuple[tuple[str, str], ...]
    optional: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Section:
        """Take a part of a template apart."""
        pieces, start = [], 0
        for found in Template.pattern.finditer(text):
            place = found["named"] or found["braced"] or ""
            pieces.append((text[start : found.start()] + ("" if place else "$"), place))
            start = found.end()
        pieces.append((text[start:], ""))
        return cls(tuple(pieces), tuple(place for _, place in pieces if place in OPTIONAL))

    def fill(self, values: Mapping[str, str]) -> str:
        """Put values into the places, once: what stands in a value is never looked at again."""
        return "".join([text + (values[place] if place else "") for text, place in self.pieces])


def check_template(text: str) -> list[str]:
    """Return what is wrong with a template, in words; nothing where it can be used."""
    parts = f"\n{text}".split(PART)
    problems = []
    if len(parts) != 2:
        problems.append("a line '---' must part the system message from the user's message, once.")
    if not Template(text).is_valid():
        problems.append("a '$' starts no place; write '$$' for a dollar sign.")
    if FENCE in text:
        problems.append(f"'{FENCE}' comes with '$fields' and must not stand in the template.")
    used = [found["named"] or found["braced"] for found in Template.pattern.finditer(text)]
    used = [name for name in used if name]
    for name in dict.fromkeys(used):
        if name not in PLACES:
            problems.append(f"unknown place '${name}'.{did_you_mean(name, PLACES)}")
    problems += [f"the place '${name}' is missing." for name in NEEDED if name not in used]
    problems += [f"the place '${name}' stands more than once." for name in NEEDED if used.count(name) > 1]
    for section in _sections(parts[-1]):
        inside = Template(section).get_identifiers()
        goes, stays = [p for p in OPTIONAL if p in inside], [p for p in NEEDED if p in inside]
        if goes and stays:
            problems.append(f"'${goes[0]}' needs a section ('## ...') of its own: '${stays[0]}' is in it.")
    return problems


def _sections(user: str) -> list[str]:
    """Return the parts of a user's message that begin with a heading, and what stands before the first."""
    return [section.strip() for section in re.split(r"\n(?=## )", user.strip())]


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[_Section, tuple[_Section, ...]]:
    """Return the system message and the sections of the user's message."""
    problems = check_template(text)
    if problems:
        raise InputError("the template of a prompt cannot be used: " + " ".join(problems))
    system, user = f"\n{text}".split(PART)
    return _Section.of(system.strip()), tuple(_Section.of(section) for section in _sections(user))


# -- numbers and text -------------------------------------------------------------------------------------------------


def _seen(question: Question, exact: bool) -> str:
    """Return what is seen, a line each; the month is named once, and where it is another one."""
    last = question.month - 1
    lines = [f"- {one.name}: {_value(one, exact)}{month_of(one, last)}" for one in question.seen]
    return "\n".join(["All of last month where no other is named.", *lines])


def _value(seen: Seen, exact: bool) -> str:
    if isinstance(seen.value, str):
        return _one_line(seen.value)
    text = number(seen.value, exact)
    unit = SINGULAR.get(seen.unit, seen.unit) if text == "1" else seen.unit
    return f"{text} {unit}" if unit and text != UNKNOWN else text


def month_of(seen: Seen, last: int) -> str:
    """Return of which month something is, as it stands behind it; nothing where it is `last`."""
    if seen.period == last:
        return ""
    if seen.source == LAW_BOOK:
        return " (in force)"
    # months before month 0 are of the burn-in, which nobody counts
    return f" (month {seen.period})" if seen.period >= 0 else f" ({last + 1 - seen.period} months ago)"


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Return text of others as one quoted line: no line break, no backtick, nothing unprintable, not too long."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    safe = cut.replace("`", "'")
    line = json.dumps(safe, ensure_ascii=False)
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def _one_line(text: str) -> str:
    """Return own text, and names, without line breaks, backticks and what cannot be printed."""
    line = " ".join(text.replace("`", "'").split())
    return line if line.isprintable() else "".join(c for c in line if c.isprintable())


def _letters(letters: Sequence[tuple[str, str]]) -> str:
    if not letters:
        return ""
    lines = [f"- {_one_line(sender)} writes: {quoted(text)}" for sender, text in letters]
    return "\n".join(["```letters", *lines, "```"])


# -- what is to be decided --------------------------------------------------------------------------------------------
