"""The human seat: a person at the terminal decides for an agent, month after month."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from wildsim.cli import output

if TYPE_CHECKING:
    from wildsim.engine.plan import Plan
    from wildsim.minds.mind import Field, Question, Seen

HELP = (
    "Type a number, or the name of a choice; a share may be typed as 1.5 %. Empty: the rule of thumb. "
    "?: what the field means. "
    "auto: the rule decides everything from here on. Ctrl-C stops; wildsim resume goes on from there."
)


#: What parts digits in one country and begins the decimals in another ("100,5"), or may be a slip: nothing is guessed.
_PARTED = re.compile(r"[,_\s]")
#: What looks like a number but can be read in more than one way: a sign or none, a digit or a point, then any digits,
#: points, commas, underscores and blanks: "1,000", "1 5", "-1_5", "1.2.3".
_AMBIGUOUS = re.compile(r"[+-]?[\d.][\d.,_\s]*")
#: Words in the units of which a hundredth is a per cent.
_SHARES = ("share", "chance")


class StoppedSeatError(Exception):
    """The person wants the rule to decide from here on."""


class Seat:
    """Asks the person at the terminal; what it writes goes to standard error, so that results stay on their own.

    Attributes:
        auto: Whether the person has left the seat to the rule.
    """

    def __init__(self, answers: TextIO | None = None, screen: TextIO | None = None, *, auto: bool = False):
        """Read from `answers`, write to `screen`; standard input and error where left out."""
        self._answers, self._screen = answers or sys.stdin, screen or sys.stderr
        self.auto = auto
        self._greeted = False

    def __call__(self, question: Question) -> Mapping[str, float] | None:
        """Return what the person decides, field -> number; None where it lets the rule decide all.

        Raises:
            KeyboardInterrupt: The person stopped, or standard input ended: the run can be resumed.
        """
        if self.auto:
            return None
        self._show(question)
        decided = {}
        try:
            for field in question.fields:
                value = self._ask(field)
                if value is not None:
                    decided[field.name] = value
        except StoppedSeatError:
            self.auto = True
            self._say("From here on the rule decides.")
        return decided or None

    def _say(self, text: str = "") -> None:
        self._screen.write(text + "\n")
        self._screen.flush()

    def _show(self, question: Question) -> None:
        """Show the month, what is seen, what is remembered, letters, and who the person is."""
        from wildsim.minds.roles import ROLES

        role = ROLES[question.role]
        self._say(f"\n=== Month {question.month}, seed {question.seed}: {role.title} You are {question.agent}. ===")
        if not self._greeted:
            self._say(f"{role.goal}\n{HELP}")
            self._greeted = True
        if question.persona:
            self._say(output.safe(question.persona))
        self._say("What you see, of last month where no other is named:")
        for seen in question.seen:
            self._say(f"  {_line(seen, question.month - 1)}")
        for title, lines in (
            ("What you remember:", [output.line(text) for text in question.memory]),
            ("Letters:", [f"{output.line(who)} writes: {output.line(text)}" for who, text in question.letters]),
        ):
            if lines:
                self._say(title)
                for text in lines:
                    self._say(f"  {text}")
        self._say("What you decide:")

    def _ask(self, field: Field) -> float | None:
        """Return the number for a field, None for the rule's; ask again until the answer can be used.

        Raises:
            StoppedSeatError: The rule shall decide from here on.
        """
        while True:
            self._screen.write(f"  {prompt_of(field)}: ")
            self._screen.flush()
            line = self._answers.readline()
            if not line:
                self._say(
                    "\nStandard input has ended: nobody answers any more. The rule can: the command below with --auto"
                )
                raise KeyboardInterrupt
            text = line.strip()
            if not text:
                return None
            if text.lower() == "auto":
                raise StoppedSeatError
            if text in ("?", "help"):
                self._say(f"    {field.doc} Unit: {field.unit or 'none'}. {HELP}")
                continue
            value, problem = read(text, field)
            if not problem:
                return value
            self._say(f"    {problem}")


def _line(seen: Seen, last: int) -> str:
    """Return one thing that is seen; the month is named where it is not `last`."""
    from wildsim.minds.block import UNKNOWN, number
    from wildsim.minds.prompt import month_of

    value = output.line(seen.value) if isinstance(seen.value, str) else number(seen.value)
    unit = f" {seen.unit}" if seen.unit and value != UNKNOWN else ""
    return f"{output.line(seen.name)}: {value}{unit}{month_of(seen, last)}"


def prompt_of(field: Field) -> str:
    """Return a field as it is asked for: name, range or choices, unit, and the rule of thumb."""
    from wildsim.minds.block import number

    if field.choices:
        names = [f"{number(field.low + k)} {name}" for k, name in enumerate(field.choices)]
        what = " / ".join(names)
        place = int(field.rule - field.low)
        rule = field.choices[place] if 0 <= place < len(field.choices) else number(field.rule)
    else:
        what = f"{number(field.low)} to {number(field.high)} {field.unit}".rstrip()
        rule = number(field.rule)
    return f"{field.name} ({what}) [{rule}]"


def read(text: str, field: Field) -> tuple[float, str]:
    """Return the number in an answer, and why it cannot be used; "" where it can."""
    from wildsim.minds.block import number

    wanted = [name.lower() for name in field.choices]
    if text.lower() in wanted:
        return field.low + wanted.index(text.lower()), ""
    share = any(word in field.unit for word in _SHARES)
    try:
        digits, size = (text[:-1].rstrip(), 0.01) if text.endswith("%") and share else (text, 1.0)
        if not digits.isascii() or _PARTED.search(digits):
            raise ValueError
        value = float(digits) * size
    except ValueError:
        if text.isascii() and _AMBIGUOUS.fullmatch(text):
            shown = output.line(text, 40)
            return math.nan, f"'{shown}' can be read in more than one way; type a plain number, such as 1234.5."
        ways = f"a number or one of {', '.join(field.choices)}" if field.choices else "a number, such as 3.5"
        return math.nan, f"'{output.line(text, 40)}' is no number; type {ways}."
    if not math.isfinite(value):
        return math.nan, "a finite number is wanted."
    if field.whole and value != int(value):
        return math.nan, f"{number(value)} is not whole; a whole number is wanted."
    slack = 1e-3 * max(abs(field.low), abs(field.high))  # the range is printed with four digits
    if not field.low - slack <= value <= field.high + slack:
        near = f" For {number(value)} % type {number(value)} %." if share and 1.0 < value <= 100.0 else ""
        bounds = f"{number(field.low)} to {number(field.high)} {field.unit}".rstrip()
        return math.nan, f"{number(value)} is out of range: {bounds}.{near}"
    return min(max(value, field.low), field.high), ""


def seats_people(plan: Plan) -> bool:
    """Return whether somebody at the terminal is to be asked in some arm."""
    return any(entry.mind == "human" and not entry.auto for arm in plan.arms for entry in arm.scenario.minds)


def left_to_the_rule(plan: Plan) -> Plan:
    """Return the plan with the rule in every human seat."""
    from dataclasses import replace

    arms = []
    for arm in plan.arms:
        minds = tuple(
            entry.model_copy(update={"auto": True}) if entry.mind == "human" else entry for entry in arm.scenario.minds
        )
        arms.append(replace(arm, scenario=arm.scenario.model_copy(update={"minds": minds})))
    return replace(plan, arms=tuple(arms))
