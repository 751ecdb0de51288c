"""Write the golden run anew: `python tests/golden/regenerate.py`, after a change that was meant to change numbers.

The run is short (300 people, 3 months), because machines agree to 1e-9 over a few months only.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

FILE = Path(__file__).with_name("village.json")
INDICATORS = (
    "gdp",
    "gdp_real",
    "consumption_real",
    "investment_real",
    "government_balance",
    "price_level",
    "unemployment_rate",
    "participation_rate",
    "vacancy_rate",
    "wage_mean",
    "wage_median",
    "labour_share",
    "profit",
    "policy_rate",
    "credit",
    "government_debt",
    "gini_income",
    "gini_wealth",
    "poverty_rate",
)


def golden_run() -> list[dict[str, float]]:
    """Return the indicators of three months of a village, one entry a month; what is undefined is left out."""
    from wildsim.scenario.schema import Scenario
    from wildsim.society import Society

    size = {"country": "us", "people": 300, "regions": 2}
    society = Society(Scenario.model_validate({"seed": 1, "burn_in": 0, "months": 3, "society": size}))
    months = []
    for _ in range(3):
        society.step()
        months.append({n: society.indicators[n] for n in INDICATORS if math.isfinite(society.indicators[n])})
    society.close()
    return months


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden_run(), indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {FILE}")
