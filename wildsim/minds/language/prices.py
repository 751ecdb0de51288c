"""Prices of models: the user's, else those of the table that comes with litellm, else unknown."""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

from wildsim.minds.language.call import NAN, Model
from wildsim.minds.language.settings import Price

_TABLE = "model_prices_and_context_window_backup.json"
_MILLION = 1e6


class Prices:
    """Prices of one run."""

    def __init__(self, own: Mapping[str, Price]):
        """Keep the user's prices, by model."""
        self._own = own
        self._found: dict[tuple[str, str], Price | None] = {}

    def of(self, model: Model) -> Price | None:
        """Return the price of a model, None where it is unknown. A scripted one costs nothing."""
        known = (model.name, model.api_base)
        if known not in self._found:
            self._found[known] = self._look_up(model)
        return self._found[known]

    def _look_up(self, model: Model) -> Price | None:
        if model.name in self._own:
            return self._own[model.name]
        if model.scripted:
            return Price(0.0, 0.0)
        # the table holds what providers charge; at an address of the user's own it says nothing
        return None if model.api_base else listed(model.name)

    def cost(self, model: Model, prompt_tokens: float, completion_tokens: float) -> float:
        """Return USD; NaN where the price or the tokens are not known."""
        price = self.of(model)
        if price is None:
            return NAN
        if price == Price(0.0, 0.0):
            return 0.0
        return (prompt_tokens * price.prompt + completion_tokens * price.completion) / _MILLION


def listed(name: str) -> Price | None:
    """Return the price in litellm's table, which is read from its file: importing litellm takes seconds."""
    table = _table()
    entry = table.get(name) or table.get(name.partition("/")[2])
    if not isinstance(entry, dict):
        return None
    prompt, completion = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
    if not (_amount(prompt) and _amount(completion)):
        return None
    return Price(float(prompt) * _MILLION, float(completion) * _MILLION)


def _amount(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


@cache
def _table() -> Mapping[str, Any]:
    """Return litellm's table of models; empty where litellm is not installed."""
    found = importlib.util.find_spec("litellm")
    if found is None or not found.origin:
        return {}
    file = Path(found.origin).parent / _TABLE
    if not file.is_file():
        return {}
    table = json.loads(file.read_text(encoding="utf-8"))
    return table if isinstance(table, dict) else {}
