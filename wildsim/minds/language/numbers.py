"""A number from whatever a model gave for it, or why it is none. Nothing is guessed."""

from __future__ import annotations

import math
import re
from typing import Any

from wildsim.minds.mind import Field

_LONGEST = 80
_AROUND = re.compile(
    r"^\s*(?P<before>[^\d+\-.,]*)(?P<number>[+-]?[\d.,\s'_]*\d[\d.,\s'_]*(?:[eE][+-]?\d+)?)(?P<after>[^\d]*)$"
)
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:(?P<mark>[,\s'_])\d{3})(?:(?P=mark)\d{3})*(?P<tail>\.\d+)?")
_GROUPS_OF_POINTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_MINUS = re.compile("\u2212|^\u2013(?=[\\d.])")
_MARKS = re.compile(r"us\$|[$€£%]|[^\W\d_]+|\s+", re.I)
"""What may stand around a number; any other mark may mean that it is negative, rounded or a bound."""
_MARKS_OF_UNITS = "/"
_CURRENCY = {"$": "usd", "us$": "usd", "€": "eur", "£": "gbp"}


def number_of(given: Any, asked: Field) -> tuple[float | None, str]:
    """Return the number that `given` stands for, or None and what is wrong with it."""
    if isinstance(given, bool):
        if asked.whole and asked.low == 0 and asked.high == 1:
            return float(given), ""
        return None, f"is {str(given).lower()}; a number is wanted."
    if isinstance(given, int | float):
        return _finite(given)
    if isinstance(given, str):
        return _from_text(given.strip(), asked)
    if given is None:
        return None, "is null; a number is wanted."
    return None, f"is a list or an object; {'one of its choices' if asked.choices else 'one number'} is wanted."


def quoted(text: str) -> str:
    """Return text of a model as a short literal for a message."""
    return ascii(text if len(text) <= _LONGEST // 2 else text[: _LONGEST // 2] + "...")


def _finite(given: float) -> tuple[float | None, str]:
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    return (value, "") if math.isfinite(value) else (None, "is not a finite number.")


def _from_text(text: str, asked: Field) -> tuple[float | None, str]:
    if len(text) > _LONGEST:
        return None, f"is a text, {quoted(text)}; a number is wanted."
    named = [_folded(name) for name in asked.choices]
    if _folded(text) in named:
        return float(asked.low + named.index(_folded(text))), ""
    if asked.whole and asked.low == 0 and asked.high == 1 and text.lower() in ("true", "false", "yes", "no"):
        return float(text.lower() in ("true", "yes")), ""
    # a minus sign proper, and a dash in its place at the very beginning; a dash elsewhere may join or separate
    match = _AROUND.match(_MINUS.sub("-", text))
    if not match:
        wanted = f"one of {', '.join(asked.choices)} is wanted" if asked.choices else "a number is wanted"
        return None, f"is {quoted(text)}; {wanted}."
    value = _digits(match["number"].strip(), asked)
    if value is None:
        return None, f"is {quoted(text)}; that can be read in more than one way. Write a plain number."
    scale = _scale(match["before"], match["after"], asked.unit)
    if scale is None:
        return None, f"is {quoted(text)}; the unit is {asked.unit or 'none'}. Write a plain number."
    return _finite(value * scale)


def _digits(text: str, asked: Field) -> float | None:
    """Return the number, None where separators leave it open which one is meant."""
    if _PLAIN.fullmatch(text):
        return float(text)
    readings = set()
    groups = _GROUPS.fullmatch(text)
    if groups:
        readings.add(float(re.sub(r"[,\s'_]", "", text)))
    if _GROUPS_OF_POINTS.fullmatch(text):
        readings.add(float(text.replace(".", "").replace(",", ".")))
    if _DECIMAL_COMMA.fullmatch(text):
        readings.add(float(text.replace(",", ".")))
    legal = {value for value in readings if asked.low <= value <= asked.high}
    chosen = legal if len(readings) > 1 else readings
    return chosen.pop() if len(chosen) == 1 else None


def _scale(before: str, after: str, unit: str) -> float | None:
    """Return what to multiply by, None where what stands around the number is not the field's own unit."""
    marks = _MARKS.sub("", before) + _MARKS.sub("", after)
    if any(mark not in _MARKS_OF_UNITS or mark not in unit for mark in marks):
        return None
    words = [_CURRENCY.get(word, word) for word in re.findall(r"us\$|[$€£%]|[^\W\d_]+", (before + " " + after).lower())]
    own = set(re.findall(r"[^\W\d_]+", unit.lower()))
    percent = "%" in words or "percent" in words
    rest = [word for word in words if word not in ("%", "percent", "per", "a", "an") and word not in own]
    if rest:
        return None
    if not percent or "%" in unit or "percent" in own:
        return 1.0
    return 0.01 if "share" in own else None


def _folded(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", text.strip().casefold())
