"""Write the golden runs anew: `python tests/golden/regenerate.py`, after a change that was meant to change numbers.

The runs are short (300 people, 3 months; 400 with every social sector): machines agree to 1e-9 over a few months only.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

FILES = {name: Path(__file__).with_name(f"{name}.json") for name in ("village", "society")}
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


def golden_run(name: str) -> list[dict[str, float]]:
    """Return the indicators of three months, one entry a month; what is undefined is left out.

    Args:
        name: "village", the economy alone; "society", with every social sector and every indicator.
    """
    from wildsim.scenario.schema import SECTORS, Scenario
    from wildsim.society import Society

    social = name == "society"
    size = {"country": "us", "people": 400 if social else 300, "regions": 2}
    sectors = dict.fromkeys(SECTORS, social)
    story = {"seed": 1, "burn_in": 0, "months": 3, "society": size, "sectors": sectors}
    society = Society(Scenario.model_validate(story))
    names = society.datacollector.model_reporters if social else INDICATORS
    months = []
    for _ in range(3):
        society.step()
        months.append({n: society.indicators[n] for n in names if math.isfinite(society.indicators[n])})
    society.close()
    return months


if __name__ == "__main__":
    for name, file in FILES.items():
        file.write_text(json.dumps(golden_run(name), indent=1) + "\n", encoding="utf-8")
        print(f"Wrote {file}")
