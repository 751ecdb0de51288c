"""The block of a prompt that says what is to be decided: a fenced JSON object with a line for each field."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from wildsim.minds.mind import Field

#: Opens the block.
FENCE = "```json decide"
#: Significant digits of rounded numbers.
DIGITS = 4
UNKNOWN = "not known"


def number(value: float, exact: bool = False) -> str:
    """Return a number as people write it, to 4 significant digits, or to the last bit; "not known" for NaN."""
    if not math.isfinite(value):
        return UNKNOWN
    if value == int(value) and (exact or abs(value) < 10**DIGITS):
        return str(int(value)) if abs(value) < 1e15 else repr(float(value))
    if exact:
        return repr(float(value))
    return format(Decimal(f"{value:.{DIGITS}g}"), "f")


def field_block(fields: Sequence[Field], exact: bool = False, show_rule: bool = True) -> str:
    """Return the fenced block that says what may be decided: one JSON object, a line a field."""
    lines = [f"{json.dumps(field.name)}: {_field(field, exact, show_rule)}" for field in fields]
    return f"{FENCE}\n{{" + ",\n ".join(lines) + "}\n```"


def _field(field: Field, exact: bool, show_rule: bool) -> str:
    low, high, rule = _printed(field, exact)
    about = _about(field.unit, field.doc, field.choices)
    advice = f', "rule_of_thumb": {rule}' if show_rule and math.isfinite(field.rule) else ""
    whole = "true" if field.whole else "false"
    return f'{{"low": {low}, "high": {high}, {about}{advice}, "whole": {whole}}}'


@lru_cache(maxsize=512)
def _about(unit: str, doc: str, choices: tuple[str, ...]) -> str:
    parts: list[tuple[str, str | list[str]]] = [("unit", unit), ("about", doc)]
    if choices:
        parts.append(("choices", list(choices)))
    return ", ".join(f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in parts)


def _printed(field: Field, exact: bool) -> tuple[str, str, str]:
    """Return range and rule as printed, null where there is none: rounding never leads out of the range."""
    if exact or field.whole or not all(map(math.isfinite, (field.low, field.high, field.rule))):
        return _whole(field.low), _whole(field.high), _whole(field.rule)
    low, high = _rounded(field.low, up=True), _rounded(field.high, up=False)
    if low > high:
        return _whole(field.low), _whole(field.high), _whole(field.rule)
    rule = min(max(float(f"{field.rule:.{DIGITS}g}"), low), high)
    return number(low), number(high), number(rule)


def _whole(value: float) -> str:
    """Return a number to the last bit, null where there is none."""
    return number(value, True) if math.isfinite(value) else "null"


def _rounded(value: float, up: bool) -> float:
    """Return a value to 4 significant digits, on the side that is asked for."""
    near = float(f"{value:.{DIGITS}g}")
    if near == value or (near > value) == up:
        return near
    step = 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1)
    return float(f"{near + (step if up else -step):.{DIGITS}g}")
