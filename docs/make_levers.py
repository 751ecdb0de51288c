"""Write docs/levers.md and docs/pictures/levers.png: which lever moves which deep goal, on paired seeds.

    uv run python docs/make_levers.py                               # 16 seeds, 20,000 people: most of an hour
    uv run python docs/make_levers.py --seeds 2 --people 1000 --months 36 --out /tmp

Every lever is laid over one society with every social sector, from month 0 on; one burn-in a seed is shared by all
arms. An effect is the mean over the last half of the months of lever minus baseline on the same seed, per unit of the
lever; the interval is Student's t over seeds; p is two-sided and adjusted within a goal's column (Holm 1979). Then each
lever that works through a social sector is run with that sector off: every indicator must be the baseline's to the bit.
"""

from __future__ import annotations

import argparse
import math
import pickle
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.engine.paired import Effect, effect, holm
from wildsim.policies import POLICIES
from wildsim.scenario.schema import NEEDS, SECTORS, Scenario
from wildsim.society import Society

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Lever:
    """A row of the matrix.

    Attributes:
        name: In words. unit: What one unit of it is. units: How many units the policy applies.
        policy: As in a scenario.
    """

    name: str
    unit: str
    units: float
    policy: dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """A column of the matrix.

    Attributes:
        indicator: Name. title: In words. better: +1 if more is better, -1 if less is. kind: "%" of the baseline,
            "points" of a share, or the unit of the number itself. deflated: Whether it is divided by consumer prices.
    """

    indicator: str
    title: str
    better: int
    kind: str
    deflated: bool = False


LEVERS = (
    Lever("public spending", "1 % of GDP", 1, {"kind": "public_spending", "change": 0.01}),
    Lever("income tax, flat", "flat 23 %", 1, {"kind": "income_tax", "rate": 0.23}),
    Lever("VAT", "+1 point", 5, {"kind": "vat", "rate": 0.10}),
    Lever("payroll tax", "+1 point", 5, {"kind": "payroll_tax", "rate": 0.1265}),
    Lever("corporate tax", "+10 points", 1, {"kind": "corporate_tax", "rate": 0.31}),
    Lever("wealth tax", "1 % a year", 1, {"kind": "wealth_tax", "rate": 0.01}),
    Lever("unemployment benefit", "+10 points", 2, {"kind": "unemployment_benefit", "replacement": 0.65}),
    Lever("basic income", "100 USD a month", 3, {"kind": "basic_income", "usd_per_month": 300}),
    Lever("wage subsidy", "10 %", 3, {"kind": "wage_subsidy", "phase_in": 0.3, "until_wage": 0.5, "phase_out": 0.15}),
    Lever("minimum wage", "+10 %", 3, {"kind": "minimum_wage", "raise": 0.3}),
    Lever("policy rate", "+1 point", 1, {"kind": "policy_rate", "shift": 0.01}),
    Lever("loan to value", "at most .60", 1, {"kind": "credit_rule", "loan_to_value": 0.6}),
    Lever("police", "+10 %", 5, {"kind": "police", "change": 0.5}),
    Lever("sentence", "+10 %", 5, {"kind": "sentence", "change": 0.5}),
    Lever("clearance", "+10 %", 3, {"kind": "clearance", "change": 0.3}),
    Lever("school seats", "+10 %", 1, {"kind": "school_seats", "change": 0.1}),
    Lever("school spending", "+10 %", 3, {"kind": "school_spending", "change": 0.3}),
    Lever("school leaving age", "+1 year", 1, {"kind": "school_leaving_age", "change": 1}),
    Lever("training places", "10 % of the unemployed", 2, {"kind": "training_places", "places": 0.2, "months": 6}),
    Lever("research grants", "+10 %", 10, {"kind": "research_grants", "change": 1.0}),
    Lever("publication rule", "all for papers", 1, {"kind": "publication_rule", "counting": 1.0}),
    Lever("health coverage", "everybody", 1, {"kind": "health_coverage", "level": 1.0}),
    Lever("health spending", "+10 %", 10, {"kind": "health_spending", "change": 1.0}),
    Lever("carbon tax", "50 USD a tonne", 2, {"kind": "carbon_tax", "usd_per_tonne": 100, "recycle": "dividend"}),
    Lever("renewable power", "half by month 120", 1, {"kind": "energy_mix", "renewable": 0.5, "by": 120}),
    Lever("recommender: popular", "switch", 1, {"kind": "platform_rule", "rule": "popular"}),
    Lever("recommender: diverse", "switch", 1, {"kind": "platform_rule", "rule": "diverse"}),
    Lever("AI tax", "10 %", 3, {"kind": "ai_tax", "rate": 0.3}),
    Lever("AI licence: pause", "no new adoption", 1, {"kind": "ai_licence", "pause_months": 1000}),
    Lever("AI training", "10 % a year", 1, {"kind": "ai_training", "places": 0.1}),
)
GOALS = (
    Goal("gdp_real", "GDP", +1, "%"),
    Goal("employment_rate", "employment", +1, "points"),
    Goal("profit", "profit", +1, "%", deflated=True),
    Goal("life_expectancy", "life expectancy", +1, "years"),
    Goal("crime_rate", "crime", -1, "%"),
    Goal("cutoff_score", "cut-off score", 0, "score"),
    Goal("box_office", "box office", +1, "%", deflated=True),
    Goal("discoveries", "discoveries", +1, "%"),
    Goal("h_index", "h-index", +1, "%"),
    Goal("temperature", "temperature", -1, "mK"),
    Goal("wellbeing", "wellbeing", +1, "ladder"),
    Goal("poverty_rate", "poverty", -1, "points"),
)
#: How a difference in the indicator's own unit becomes the number printed.
SCALE = {"points": 100.0, "mK": 1000.0}
MONTHS_OFF = 24


def story(people: int, burn_in: int, months: int, policy: dict[str, Any] | None, off: str = "") -> Scenario:
    """Return a society with every sector (but `off` and those that need it), and one policy from month 0 on."""
    on = [name for name in SECTORS if name != off and off not in NEEDS.get(name, ())]
    return Scenario.model_validate(
        {
            "burn_in": burn_in,
            "months": months,
            "society": {"country": "us", "people": people, "regions": max(1, people // 2500)},
            "sectors": dict.fromkeys(on, True),
            "policies": [{**policy, "from": 0}] if policy else [],
        }
    )


def live(society: Society, months: int) -> dict[str, np.ndarray[Any, Any]]:
    """Live `months` and return every goal's series."""
    series = {goal.indicator: np.full(months, math.nan) for goal in GOALS}
    for month in range(months):
        society.step()
        for goal in GOALS:
            value = society.indicators.get(goal.indicator, math.nan)
            series[goal.indicator][month] = value / (society.indicators["price_level"] if goal.deflated else 1.0)
    return series


def run_seed(task: tuple[int, int, int, int]) -> dict[str, dict[str, np.ndarray[Any, Any]]]:
    """Live the baseline and every lever on one seed; return the goals' series by arm."""
    seed, people, burn_in, months = task
    base = Society(story(people, burn_in, months, None), seed=seed)
    base.burn_in()
    burned = base.snapshot()
    found = {"baseline": live(base, months)}
    base.close()
    for lever in LEVERS:
        society = Society(story(people, burn_in, months, lever.policy), seed=seed)
        society.restore(burned)
        found[lever.name] = live(society, months)
        society.close()
    return found


def differences_when_off(people: int, burn_in: int) -> dict[str, int]:
    """Return how many indicators differ from the baseline when a lever's own sector is off, by lever; 0 is right."""
    found = {}
    for lever in LEVERS:
        sector = POLICIES[lever.policy["kind"]].sector
        if not sector:
            continue
        ends = []
        for policy in (None, lever.policy):
            society = Society(story(people, burn_in, MONTHS_OFF, policy, off=sector), seed=1)
            society.run_for(burn_in + MONTHS_OFF)
            ends.append(dict(society.indicators))
            society.close()
        same = sum(
            a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(*(e.values() for e in ends), strict=True)
        )
        found[lever.name] = len(ends[0]) - same
    return found


def difference(goal: Goal, lever: Lever, arms: dict[str, dict[str, np.ndarray[Any, Any]]]) -> float:
    """Return the effect on one seed per unit of the lever, as printed; NaN where the goal was not measured."""
    series = [arms[name][goal.indicator] for name in (lever.name, "baseline")]
    half = slice(len(series[0]) // 2, None)
    known = ~np.isnan(series[0][half]) & ~np.isnan(series[1][half])
    if not known.any():
        return math.nan
    after, before = (float(values[half][known].mean()) for values in series)
    if goal.kind == "%" and before == 0.0:
        return math.nan
    change = 100.0 * (after / before - 1.0) if goal.kind == "%" else (after - before) * SCALE.get(goal.kind, 1.0)
    return change / lever.units


Matrix = dict[tuple[str, str], tuple[Effect, float]]


def matrix(runs: list[dict[str, dict[str, np.ndarray[Any, Any]]]]) -> Matrix:
    """Return effect and adjusted p by (lever, goal)."""
    found: Matrix = {}
    for goal in GOALS:
        effects = [effect(np.array([difference(goal, lever, arms) for arms in runs])) for lever in LEVERS]
        adjusted = holm(np.array([one.p for one in effects]))
        for lever, one, p in zip(LEVERS, effects, adjusted.tolist(), strict=True):
            found[lever.name, goal.indicator] = (one, p)
    return found


def clear(cell: tuple[Effect, float]) -> bool:
    """Return whether an effect differs from zero at an adjusted p below .05."""
    one, p = cell
    return bool(p < 0.05 and not (one.low <= 0.0 <= one.high))


def helps(goal: Goal, one: Effect) -> int:
    """Return +1 if an effect is for the better, -1 if for the worse, 0 if the goal has no better side."""
    return int(np.sign(one.difference)) * goal.better


def number(value: float) -> str:
    """Return a number in few characters, with its sign."""
    if math.isnan(value):
        return "?"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{value:+.{digits}f}"


def write_table(out: Path, found: Matrix, off: dict[str, int], about: str) -> None:
    """Write levers.md."""
    lines = [
        "# What moves what",
        "",
        f"{about} Made by `docs/make_levers.py`. A cell is the mean effect over the second half of the months,",
        "per unit of the lever, with its 95 % interval over paired seeds. **Bold**: it differs from zero at p < .05,",
        "adjusted within the column (Holm). ▲ for the better, ▼ for the worse. *Own sector off*: 24 months in which",
        "the sector that the lever works through is off: every indicator of every month is the baseline's to the bit.",
        "Left out: levers that act for months (rebate, public jobs, migration) or on statistics (crime recording).",
        "",
        "![Effects by lever and goal](pictures/levers.png)",
        "",
        "| lever | unit | " + " | ".join(f"{g.title}, {g.kind}" for g in GOALS) + " | own sector off |",
        "|---|---|" + "---|" * (len(GOALS) + 1),
    ]
    for lever in LEVERS:
        cells = []
        for goal in GOALS:
            one, _ = cell = found[lever.name, goal.indicator]
            text = f"{number(one.difference)} [{number(one.low)}, {number(one.high)}]"
            mark = {1: " ▲", -1: " ▼", 0: ""}[helps(goal, one)] if clear(cell) else ""
            cells.append(f"**{text}**{mark}" if clear(cell) else text)
        exact = {None: "-", 0: "exactly 0"}.get(off.get(lever.name), f"{off.get(lever.name)} differ")
        lines.append(f"| {lever.name} | {lever.unit} | " + " | ".join(cells) + f" | {exact} |")
    lines += ["", *summary(found)]
    (out / "levers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def summary(found: Matrix) -> list[str]:
    """Return what the matrix shows: goals that move, and levers that help one goal and hurt another."""
    moved = {g.title: [lv.name for lv in LEVERS if clear(found[lv.name, g.indicator])] for g in GOALS}
    lines = ["## What it shows", ""]
    lines += [
        f"- **{goal}** is moved by {', '.join(names) if names else 'none of them'}." for goal, names in moved.items()
    ]
    lines += ["", "## Trade-offs", ""]
    for lever in LEVERS:
        sides: dict[int, list[str]] = {1: [], -1: []}
        for goal in GOALS:
            cell = found[lever.name, goal.indicator]
            if clear(cell) and helps(goal, cell[0]):
                sides[helps(goal, cell[0])].append(goal.title)
        if sides[1] and sides[-1]:
            lines.append(f"- {lever.name}: for {', '.join(sides[1])}; against {', '.join(sides[-1])}.")
    return lines


def draw(out: Path, found: Matrix, about: str) -> None:
    """Draw levers.png: a cell's colour is its t value, for the better or the worse; a ring marks clear effects."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    made, axes = pyplot.subplots(figsize=(12.5, 0.36 * len(LEVERS) + 2.4), layout="constrained")
    shade = np.full((len(LEVERS), len(GOALS)), math.nan)
    for i, lever in enumerate(LEVERS):
        for j, goal in enumerate(GOALS):
            one, _ = cell = found[lever.name, goal.indicator]
            if math.isnan(one.difference):
                continue
            width = one.high - one.low
            size = 0.0 if width <= 0.0 else one.difference / (width / 2.0)
            shade[i, j] = size * (goal.better or 1)
            weight = "bold" if clear(cell) else "normal"
            colour = "black" if clear(cell) else "#888888"
            axes.text(j, i, number(one.difference), ha="center", va="center", fontsize=7.5, weight=weight, color=colour)
    picture = axes.imshow(shade, cmap="PuOr", vmin=-3, vmax=3, aspect="auto", alpha=0.75)
    axes.set_xticks(range(len(GOALS)), [f"{g.title}\n{g.kind}" for g in GOALS], fontsize=8)
    axes.set_yticks(range(len(LEVERS)), [f"{lv.name} ({lv.unit})" for lv in LEVERS], fontsize=8.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    bar = made.colorbar(picture, ax=axes, shrink=0.5, pad=0.01)
    bar.set_label("effect / half width of its interval\n(violet: for the better, orange: for the worse)", fontsize=8)
    made.suptitle("What a unit of each lever does to each goal; bold: clear (adjusted p < .05)", x=0.01, ha="left")
    made.supxlabel(about, fontsize=8, x=0.01, ha="left")
    (out / "pictures").mkdir(parents=True, exist_ok=True)
    made.savefig(out / "pictures" / "levers.png", dpi=130)


def main() -> None:
    """Run every seed, then write table and picture."""
    parser = argparse.ArgumentParser(description="Levers against deep goals on paired seeds.")
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--burn-in", type=int, default=120)
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    parser.add_argument("--save", type=Path, help="file for every series of every seed (pickle), to look closer")
    args = parser.parse_args()
    if args.seeds < 2 or args.months < 4:
        parser.error("needs 2 seeds and 4 months or more")
    off = differences_when_off(min(args.people, 2_000), min(args.burn_in, 12))
    print("with the own sector off, indicators that differ:", off, flush=True)
    tasks = [(1 + seed, args.people, args.burn_in, args.months) for seed in range(args.seeds)]
    runs = []
    with get_context("spawn").Pool(min(args.jobs, args.seeds)) as pool:
        for arms in pool.imap(run_seed, tasks):
            runs.append(arms)
            print(f"{len(runs)} of {len(tasks)} seeds", flush=True)
    if args.save:
        args.save.write_bytes(pickle.dumps(runs))
    about = (
        f"{args.seeds} paired seeds, {args.people:,} people, {args.months} months after a burn-in of {args.burn_in}."
    )
    args.out.mkdir(parents=True, exist_ok=True)
    found = matrix(runs)
    write_table(args.out, found, off, about)
    draw(args.out, found, about)
    print((args.out / "levers.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
