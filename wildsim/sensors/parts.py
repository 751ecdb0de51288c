"""What one of several sources of an indicator sees: a past and a view in which what it keeps has its own name."""

from __future__ import annotations

from typing import Any

from wildsim.core.table import F64
from wildsim.sensors.reading import Past, kept_as
from wildsim.state.history import History
from wildsim.state.world import WorldView


class PartOf(Past):
    """The past as one of the sources sees it: what it keeps stands under its own name."""

    def __init__(self, past: Past, indicator: str, part: str):
        """Show `past` to the source called `part` of an indicator."""
        self._past, self.now = past, past.now
        self._plain, self._own = kept_as(indicator, ""), kept_as(indicator, f"{part}.")

    def value(self, indicator: str, period: int) -> float:
        """Return the true value in `period`, or what this source keeps of it."""
        kept = indicator.startswith(self._plain)
        return self._past.value(self._own + indicator.removeprefix(self._plain) if kept else indicator, period)

    def keeps(self, period: int) -> bool:
        """Return whether `period` is remembered."""
        return self._past.keeps(period)

    def luck(self, stream: str, period: int, draws: int) -> F64:
        """Return keyed uniform draws in (0, 1) that belong to a period, shape (draws)."""
        return self._past.luck(stream, period, draws)


class _HistoryOf:
    """The history as one of the sources knows it: what it keeps stands under its own name."""

    def __init__(self, history: History, indicator: str, part: str):
        self._history = history
        self._plain, self._own = kept_as(indicator, ""), kept_as(indicator, f"{part}.")

    def __getattr__(self, asked: str) -> Any:
        read = getattr(self._history, asked)
        return lambda name, *more: read(self._named(name), *more)

    def _named(self, name: str) -> str:
        return self._own + name.removeprefix(self._plain) if name.startswith(self._plain) else name


class _ViewOf:
    """A view whose history is that of one of the sources."""

    def __init__(self, view: WorldView, indicator: str, part: str):
        self._view, self.history = view, _HistoryOf(view.history, indicator, part)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)


def seen_by(view: WorldView, indicator: str, part: str) -> Any:
    """Return the view that the source called `part` of an indicator has."""
    return _ViewOf(view, indicator, part)
