"""Life expectancy by income as Chetty et al. 2016 estimate it: at 40, by sex, first against last percentile.

Run by hand: uv run python tests/benchmarks/life_gap.py --people 1000000 --years 10
"""

from __future__ import annotations

import argparse

import numpy as np

from wildsim.scenario.schema import Scenario
from wildsim.society import Society

#: Ages whose deaths are used, and up to which mortality is extrapolated (Chetty et al.: 40 to 76, then 90).
FIRST, LAST, END = 40, 77, 110


def counts(people: int, years: int, burn_in: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return deaths and person-years by sex, year of age and percentile of income, shape (2, 130, 100)."""
    size = {"people": people, "regions": max(1, people // 15_000)}
    story = {"burn_in": burn_in, "months": 12 * years, "society": size, "sectors": {"demography": True}}
    society = Society(Scenario.model_validate(story), seed=seed, threads=2)
    society.burn_in()
    deaths, lived = np.zeros((2, 2 * 130 * 100))
    from wildsim.month import MONTH

    def watch(world: object) -> None:
        view = society.world.view()
        person, life = view.people, view.lives
        percentile = np.minimum((life.rank * 100).astype(np.int64), 99)
        cell = (person.female.astype(np.int64) * 130 + person.age.astype(np.int64)) * 100 + percentile
        deaths[:] += np.bincount(cell[life.dies == 1], minlength=len(deaths))
        lived[:] += np.bincount(cell, minlength=len(lived)) / 12.0

    import wildsim.society as living

    place = next(i for i, step in enumerate(MONTH) if getattr(step, "name", "") == "sectors.population.turn_over")
    living.MONTH = (*MONTH[:place], watch, *MONTH[place:])
    society.run_for(12 * years)
    living.MONTH = MONTH
    return deaths.reshape(2, 130, 100), lived.reshape(2, 130, 100)


def gompertz(deaths: np.ndarray, years: np.ndarray) -> tuple[float, float]:
    """Return level and slope of log mortality by age, weighted by deaths."""
    ages = np.arange(FIRST, LAST)
    known = deaths[FIRST:LAST] > 0
    rate = np.log(deaths[FIRST:LAST][known] / years[FIRST:LAST][known])
    slope, level = np.polyfit(ages[known] + 0.5, rate, 1, w=np.sqrt(deaths[FIRST:LAST][known]))
    return float(level), float(slope)


def expectation(level: float, slope: float, at: float = 40.0) -> float:
    """Return the expected age at death of those who reach `at`."""
    fine = np.linspace(at, END, 7_001)
    alive = np.exp(-np.exp(level) / slope * (np.exp(slope * fine) - np.exp(slope * at)))
    return at + float(np.trapezoid(alive, fine))


def main() -> None:
    """Measure and print the gap of men and women."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--burn-in", type=int, default=120, help="months")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    deaths, years = counts(chosen.people, chosen.years, chosen.burn_in, chosen.seed)
    for sex, name in enumerate(("men", "women")):
        ends = []
        for percentiles in (slice(0, 1), slice(99, 100), slice(0, 5), slice(95, 100)):
            d, y = deaths[sex][:, percentiles].sum(axis=1), years[sex][:, percentiles].sum(axis=1)
            ends.append(expectation(*gompertz(d, y)))
        slope = gompertz(deaths[sex].sum(axis=1), years[sex].sum(axis=1))[1]
        print(
            f"{name}: first percentile {ends[0]:.1f}, last {ends[1]:.1f}, gap {ends[1] - ends[0]:.1f} years; "
            f"first against last twentieth {ends[3] - ends[2]:.1f}; Gompertz slope {slope:.4f}; "
            f"deaths {deaths[sex][FIRST:LAST].sum():.0f}"
        )


if __name__ == "__main__":
    main()
