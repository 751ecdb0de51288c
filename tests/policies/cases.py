"""Every kind of policy in a few forms, and small societies to try them in."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from wildsim.policies import POLICIES
from wildsim.scenario.schema import NEEDS, Scenario
from wildsim.society import Society

CASES: tuple[dict[str, Any], ...] = (
    {"kind": "no_change"},
    {"kind": "income_tax", "rate": 0.2},
    {"kind": "income_tax", "brackets": [[0, 0.1], [60000, 0.3]]},
    {"kind": "income_tax", "hsv": {"level": 0.8, "progressivity": 0.3}},
    {"kind": "vat", "rate": 0.1},
    {"kind": "corporate_tax", "rate": 0.35},
    {"kind": "payroll_tax", "rate": 0.15},
    {"kind": "wealth_tax", "rate": 0.01, "above": 1000},
    {"kind": "unemployment_benefit", "replacement": 0.6, "months": 12, "cap": 1.0},
    {"kind": "unemployment_benefit", "replacement": 0.6, "where": {"region": {"in": [1]}}},
    {"kind": "basic_income", "usd_per_month": 500},
    {"kind": "basic_income", "usd_per_month": 500, "funding": "vat", "who": "all"},
    {"kind": "basic_income", "usd_per_month": 500, "funding": "debt"},
    {"kind": "basic_income", "usd_per_month": 500, "funding": "outside"},
    {"kind": "rebate", "usd": 900, "randomly_over": 3},
    {"kind": "rebate", "usd": 900, "where": {"decile": [1, 5], "employed": True}},
    {"kind": "wage_subsidy", "phase_in": 0.34, "until_wage": 0.35, "phase_out": 0.16},
    {"kind": "wage_subsidy", "phase_in": 0.34, "until_wage": 0.35, "phase_out": 0.16, "where": {"wage": [0, 4000]}},
    {"kind": "minimum_wage", "raise": 0.1},
    {"kind": "minimum_wage", "level": 0.9, "where": {"region": 0, "sex": 1, "age": [18, 30]}},
    {"kind": "public_spending", "change": 0.01},
    {"kind": "public_spending", "change": -0.02, "funding": "income_tax", "function": "health"},
    {"kind": "public_spending", "change": 0.02, "funding": "outside"},
    {"kind": "public_spending", "change": 0.02, "funding": "vat"},
    {"kind": "public_jobs", "places": 0.3, "months": 4, "random": True},
    {"kind": "public_jobs", "places": 0.3, "months": 4},
    {"kind": "policy_rate", "shift": 0.01, "months": 3},
    {"kind": "policy_rate", "rule": {"smoothing": 0.5, "gap_weight": 1.0}},
    {"kind": "credit_rule", "leverage": 5, "loan_to_income": 0.02, "debt_service": 0.1, "loan_to_value": 0.6},
    {"kind": "health_coverage", "level": 1.0},
    {"kind": "health_coverage", "change": -0.2, "funding": "income_tax"},
    {"kind": "health_spending", "change": 0.2, "funding": "outside"},
    {"kind": "carbon_tax", "usd_per_tonne": 50},
    {"kind": "carbon_tax", "usd_per_tonne": 50, "recycle": "income_tax"},
    {"kind": "carbon_tax", "usd_per_tonne": 50, "recycle": "none"},
    {"kind": "energy_mix", "renewable": 0.5, "by": 60},
    {"kind": "energy_mix", "change": 0.5},
    {"kind": "migration", "share": 0.05},
    {"kind": "migration", "share": 0.05, "skill": "low", "where": {"region": 1}},
    {"kind": "research_grants", "change": 0.5},
    {"kind": "research_grants", "level": 0.014, "funding": "income_tax", "allocation": "lottery"},
    {"kind": "publication_rule", "counting": 0.5},
    {"kind": "ai_tax", "rate": 0.5},
    {"kind": "ai_licence", "share": 0.3},
    {"kind": "ai_licence", "staff": [0, 3]},
    {"kind": "ai_licence", "pause_months": 12},
    {"kind": "ai_training", "places": 0.3},
    {"kind": "ai_training", "places": 0.3, "who": "unemployed", "funding": "income_tax"},
    {"kind": "ai_training", "places": 0.3, "funding": "outside"},
    {"kind": "school_seats", "change": 1.0},
    {"kind": "school_seats", "level": 0.0},
    {"kind": "school_spending", "change": 0.1, "funding": "income_tax"},
    {"kind": "school_spending", "level": 0.8},
    {"kind": "school_leaving_age", "change": 3},
    {"kind": "school_leaving_age", "level": 20.0},
    {"kind": "training_places", "places": 0.3, "months": 3, "random": True},
    {"kind": "training_places", "places": 0.3, "months": 3, "where": {"schooling": [0, 14]}},
    {"kind": "platform_rule", "rule": "popular"},
    {"kind": "platform_rule", "rule": "diverse", "slate": 6},
    {"kind": "police", "change": 0.2},
    {"kind": "police", "change": -0.3, "funding": "income_tax"},
    {"kind": "sentence", "change": 0.5},
    {"kind": "clearance", "change": -0.2},
    {"kind": "crime_recording", "strictness": 0.8},
)

PEOPLE = 400


def name_of(case: dict[str, Any]) -> str:
    return "-".join(str(value) for value in case.values())


def sectors_of(*policies: dict[str, Any]) -> frozenset[str]:
    """Return the social sectors that the policies work through, and those that these need."""
    on = {POLICIES[policy["kind"]].sector for policy in policies} - {""}
    return frozenset(on | {other for sector in on for other in NEEDS.get(sector, ())})


def society(*policies: dict[str, Any], burn_in: int = 24, sectors: frozenset[str] = frozenset()) -> Society:
    """Return a society of 400 people in two regions at the start of its burn-in."""
    size = {"country": "us", "people": PEOPLE, "regions": 2}
    data = {"burn_in": burn_in, "months": 24, "society": size, "policies": list(policies)}
    data["sectors"] = dict.fromkeys(sorted(sectors), True)
    return Society(Scenario.model_validate(data))


@cache
def burned(sectors: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the state at the start of month 0."""
    made = society(sectors=sectors)
    made.burn_in()
    return made.snapshot()


def living(*policies: dict[str, Any], months: int = 0, sectors: frozenset[str] | None = None) -> Society:
    """Return a society with these policies, and the sectors that they need, that has lived so many recorded months."""
    on = sectors_of(*policies) if sectors is None else sectors
    made = society(*policies, sectors=on)
    made.restore(burned(on))
    made.run_for(months)
    return made


def column(made: Society, table: str, name: str) -> np.ndarray:
    return made.world.tables[table].base(name)
