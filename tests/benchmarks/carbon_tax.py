"""What carbon taxes and a share of renewables do in ten years, on paired seeds, beside what the literature says.

Run by hand: uv run python tests/benchmarks/carbon_tax.py --seeds 8 --people 10000
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from tests.sectors.test_climate import TAX, Arms, interval

TAXES = (25, 50, 100, 200)


def main() -> None:
    """Live all arms on all seeds and print effects with 95 % intervals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--burn-in", type=int, default=120, help="months")
    chosen = parser.parse_args()
    named: dict[str, list[dict[str, Any]]] = {"baseline": []}
    named |= {f"{usd} USD, dividend": [{**TAX, "usd_per_tonne": usd}] for usd in TAXES}
    named |= {f"50 USD, {way}": [{**TAX, "recycle": way}] for way in ("income_tax", "none")}
    named["half of power renewable"] = [{"kind": "energy_mix", "renewable": 0.5, "by": 120}]
    arms = Arms(named, chosen.seeds, chosen.people, chosen.burn_in, 120)
    first, last = slice(0, 12), slice(108, 120)
    base = arms.series["baseline"]
    warmed = base["temperature"][:, 1:] - base["temperature"][:, :-1]
    slope = 1000.0 * warmed.sum() / base["world_emissions"][:, 1:].sum()
    change = base["emissions"][:, last].mean(axis=1) / base["emissions"][:, first].mean(axis=1) - 1.0
    print(f"{slope:.6f} C per 1000 GtCO2; warming in ten years {base['temperature'][:, -1].mean() - 1.2:.3f} C")
    print(f"baseline: emissions {100 * change.mean():+.1f} % in nine years, renewables {_end(base):.1f} %")
    for arm in list(named)[1:]:
        print(arm)
        for label, effects in (
            ("emissions, year 10, %", 100 * arms.effect(arm, "emissions", last)),
            ("temperature, month 120, thousandths C", 1000 * arms.effect(arm, "temperature", slice(119, 120), False)),
            ("consumer prices, year 1, %", 100 * arms.effect(arm, "price_level", first)),
            ("real GDP, years 1 to 10, %", 100 * arms.effect(arm, "gdp_real", slice(0, 120))),
            ("real income of the poorest tenth, year 10, %", 100 * (arms.poor[arm] / arms.poor["baseline"] - 1.0)),
            ("Gini of income, years 1 to 10, points", 100 * arms.effect(arm, "gini_income", slice(0, 120), False)),
        ):
            low, high = interval(effects)
            print(f"  {label}: {effects.mean():+.2f} [{low:+.2f}, {high:+.2f}]")
        print(f"  renewables, month 120: {_end(arms.series[arm]):.1f} %")


def _end(series: dict[str, np.ndarray]) -> float:
    return 100.0 * float(series["renewable_share"][:, -1].mean())


if __name__ == "__main__":
    main()
