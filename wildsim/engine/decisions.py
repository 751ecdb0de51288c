"""The record of decisions of one arm and seed: many rows, whose text repeats and is kept once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray[Any, Any]]
TEXTS = ("agent", "role", "field", "source", "reason", "call_ids")
NUMBERS = ("rule", "proposed", "guarded", "executed")
_CODES, _WORDS = "codes.", "words."


class Decisions:
    """Decisions month by month: numbers as they are, text as codes of a list of words."""

    def __init__(self) -> None:
        """Start empty."""
        self._months: list[np.ndarray[Any, Any]] = []
        self._numbers: dict[str, list[np.ndarray[Any, Any]]] = {name: [] for name in NUMBERS}
        self._codes: dict[str, list[np.ndarray[Any, Any]]] = {name: [] for name in TEXTS}
        self._words: dict[str, dict[str, int]] = {name: {} for name in TEXTS}

    def extend(self, month: int, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Append the decisions of a month, given as columns of equal length."""
        import pandas as pd

        rows = len(columns["rule"]) if columns else 0
        if not rows:
            return
        self._months.append(np.full(rows, month))
        for name in NUMBERS:
            self._numbers[name].append(np.asarray(columns[name], dtype=np.float64))
        for name in TEXTS:
            codes, words = pd.factorize(columns[name])
            known = self._words[name]
            place = np.array([known.setdefault(word, len(known)) for word in words], dtype=np.int32)
            self._codes[name].append(place[codes])

    def columns(self) -> dict[str, Any]:
        """Return all rows as columns, text as pandas categories."""
        import pandas as pd

        whole = self._whole()
        found: dict[str, Any] = {"month": whole["month"]}
        for name in ("agent", "role", "field", *NUMBERS, "source", "reason", "call_ids"):
            if name in NUMBERS:
                found[name] = whole[name]
            else:
                words = pd.Index(list(self._words[name]), dtype=object)
                found[name] = pd.Categorical.from_codes(whole[_CODES + name], words)
        return found

    def state(self) -> Arrays:
        """Return everything as arrays by name."""
        return self._whole() | {
            _WORDS + name: np.array(list(words), dtype=np.str_) for name, words in self._words.items()
        }

    def load(self, state: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Take over what `state` returned."""
        self._months = [np.array(state["month"])]
        self._numbers = {name: [np.array(state[name])] for name in NUMBERS}
        self._codes = {name: [np.array(state[_CODES + name])] for name in TEXTS}
        self._words = {name: {str(w): i for i, w in enumerate(state[_WORDS + name])} for name in TEXTS}

    def _whole(self) -> Arrays:
        def joined(parts: list[np.ndarray[Any, Any]], kind: type[np.generic]) -> np.ndarray[Any, Any]:
            return np.concatenate(parts).astype(kind) if parts else np.empty(0, dtype=kind)

        numbers = {name: joined(self._numbers[name], np.float64) for name in NUMBERS}
        codes = {_CODES + name: joined(self._codes[name], np.int32) for name in TEXTS}
        return {"month": joined(self._months, np.int64), **numbers, **codes}
