"""The society as a model of a study: parameters and a seed in, moments out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import process_time
from typing import Any

from wildsim.core.errors import BooksError, WildSimError
from wildsim.engine.warm import compile_first
from wildsim.scenario.schema import Scenario
from wildsim.studies.lives import CollapseError
from wildsim.studies.moments import measure, needed_indicators
from wildsim.studies.space import with_point


@dataclass(frozen=True)
class SocietyModel:
    """Lives a scenario with other parameters and measures moments of its recorded months.

    Attributes:
        settings: Every setting of the scenario, as `Scenario.resolved` gives it. moments: Names of what to measure.
        timeout: CPU seconds after which a world counts as collapsed; 0 for no limit.
    """

    settings: dict[str, Any]
    moments: tuple[str, ...]
    timeout: float = 0.0

    def prepare(self, say: Callable[[str], None]) -> None:
        """Compile the kernels once, before many processes need them."""
        compile_first([Scenario.model_validate(self.settings)], say)

    def __call__(self, point: Mapping[str, float], seed: int) -> dict[str, float]:
        """Return the moments of one world.

        Raises:
            CollapseError: The economy fell apart, or took too long.
        """
        changed = {**self.settings, "parameters": with_point(self.settings["parameters"], point)}
        return measure(self.moments, self._live(Scenario.model_validate(changed), seed))

    def _live(self, scenario: Scenario, seed: int) -> dict[str, list[float]]:
        from wildsim.society import Society

        names = needed_indicators(self.moments)
        series: dict[str, list[float]] = {name: [] for name in names}
        society = None
        try:
            society = Society(scenario, seed=seed)
            begun = process_time()
            for month in range(-scenario.burn_in, scenario.months):
                society.step()
                if month >= 0:
                    for name in names:
                        series[name].append(society.indicators.get(name, math.nan))
                if self.timeout and process_time() - begun > self.timeout:
                    raise CollapseError(f"took longer than {self.timeout:g} s, at month {month}")
        except (WildSimError, ArithmeticError, ValueError, IndexError) as error:
            # Parameters far from any economy: books that hold no numbers, nobody at work, empty tables.
            where = f"month {error.month}: " if isinstance(error, BooksError) else ""
            raise CollapseError(f"{where}{type(error).__name__}: {error}") from error
        finally:
            if society is not None:
                society.close()
        return series
