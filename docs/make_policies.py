"""Write docs/policies.md and docs/policies.png: does each policy do what economics says?

    uv run python docs/make_policies.py                              # 16 seeds, 10,000 people: some minutes a core
    uv run python docs/make_policies.py --seeds 2 --people 1000 --out /tmp

Every file of scenarios/policies is laid over the same society. One burn-in a seed is shared by all arms; a policy
starts in month 0. An effect is the mean over a window of months of policy minus baseline, on the same seed; the
interval is Student's t over seeds, p is two-sided and adjusted over the whole table (Holm 1979).
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.engine.paired import Effect, effect, holm
from wildsim.scenario.load import load_overlay
from wildsim.scenario.schema import Scenario
from wildsim.society import Society

ROOT = Path(__file__).resolve().parent.parent
Series = dict[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Sign:
    """One line of the table: what a policy is expected to do to an indicator.

    Attributes:
        policy: File in scenarios/policies. what: The change in words. indicator: A name, or one of EXTRA.
        expected: +1 up, -1 down, 0 between 0 and 1. first, last: Window of months, the last one exclusive.
    """

    policy: str
    what: str
    indicator: str
    expected: int
    first: int
    last: int


SIGNS = (
    Sign("public_spending", "Purchases up 1 % of GDP", "gdp_real", +1, 0, 24),
    Sign("public_spending", "Purchases up 1 % of GDP", "unemployment_rate", -1, 3, 24),
    Sign("higher_benefit", "Benefit up", "unemployment_duration", +1, 6, 48),
    Sign("higher_benefit", "Benefit up", "poverty_rate", -1, 3, 48),
    Sign("rate_rise", "Rate up 1 point for a year", "gdp_real", -1, 3, 24),
    Sign("rate_rise", "Rate up 1 point for a year", "inflation", -1, 12, 36),
    Sign("high_vat", "VAT up to 10 %", "consumption_real", -1, 0, 24),
    Sign("minimum_wage", "Minimum wage up", "wage_p10", +1, 0, 36),
    Sign("progressive_tax", "Income tax more progressive", "gini_income", -1, 0, 48),
    Sign("flat_tax", "Flat income tax", "gini_income", +1, 0, 48),
    Sign("rebate", "Rebate", "rebate_spent", 0, 0, 12),
    Sign("basic_income", "Basic income", "gini_income", -1, 0, 48),
    Sign("basic_income", "Basic income", "poverty_rate", -1, 0, 48),
    Sign("payroll_tax", "Payroll tax up", "employment_rate", -1, 6, 48),
    Sign("wage_subsidy", "Subsidy on low wages", "low_income", +1, 0, 48),
    Sign("corporate_tax", "Corporate tax up", "profit_after_tax", -1, 0, 24),
    Sign("wealth_tax", "Wealth tax, paid out to all", "gini_wealth", -1, 12, 48),
    Sign("public_jobs", "Public jobs for a year", "unemployment_rate", -1, 0, 12),
    Sign("tight_credit", "Tight limits on credit", "credit", -1, 12, 48),
    Sign("migration", "Newcomers", "population", +1, 0, 48),
    Sign("migration", "Newcomers", "gdp_real", +1, 12, 48),
    Sign("migration", "Newcomers", "wage_mean", -1, 0, 48),
)
SHARES = {"unemployment_rate", "poverty_rate", "inflation", "employment_rate", "gini_income", "gini_wealth"}
TITLES = {
    "gdp_real": "real GDP",
    "consumption_real": "real consumption",
    "wage_mean": "mean wage",
    "wage_p10": "first decile of wages",
    "gini_income": "Gini of income",
    "gini_wealth": "Gini of wealth",
    "rebate_spent": "part spent within a year",
    "low_income": "income of households at the first quartile",
}


def _title(name: str) -> str:
    return TITLES.get(name, name.replace("_", " "))


def _profit_after_tax(society: Society) -> float:
    return society.indicators["profit"] - float(society.world.ledger.paid["corporate_tax"][1])


def _low_income(society: Society) -> float:
    view = society.world.view()
    working = np.bincount(view.people.household[view.people.employer >= 0], minlength=len(view.households)) > 0
    income = view.households.income[working] / np.sqrt(view.households.members[working])
    return float(np.quantile(income, 0.25) / view.macro.price_level[0]) if len(income) else math.nan


def _received(account: str) -> Callable[[Society], float]:
    return lambda society: float(society.world.ledger.received[account].sum())


EXTRA: dict[str, Callable[[Society], float]] = {
    "profit_after_tax": _profit_after_tax,
    "low_income": _low_income,
    "spent": _received("consumption"),
    "transfers": _received("transfers"),
}


def _live(society: Society, months: int) -> Series:
    """Live `months` and return every series that the table needs."""
    names = {sign.indicator for sign in SIGNS} & society.datacollector.model_reporters.keys()
    series: Series = {name: np.empty(months) for name in (*names, *EXTRA)}
    for month in range(months):
        society.step()
        for name in names:
            series[name][month] = society.indicators[name]
        for name, value in EXTRA.items():
            series[name][month] = value(society)
    return series


def _scenario(people: int, burn_in: int, months: int, policy: str | None) -> Scenario:
    story = Scenario.model_validate(
        {
            "burn_in": burn_in,
            "months": months,
            "society": {"country": "us", "people": people, "regions": max(1, people // 2500)},
            "shocks": {"productivity": True, "demand": True, "sentiment": True, "government_spending": True},
        }
    )
    if policy is None:
        return story
    laid = story.with_overlay(load_overlay(str(ROOT / "scenarios" / "policies" / f"{policy}.yaml")))
    shifted = []
    for one in laid.policies:
        until = None if one.until is None else one.until - one.from_
        shifted.append(one.model_copy(update={"from_": 0, "until": until}))
    return laid.model_copy(update={"policies": tuple(shifted)})


def run_seed(task: tuple[int, int, int, int, tuple[str, ...]]) -> dict[str, Series]:
    """Live the baseline and the policies on one seed; return the series by arm."""
    seed, people, burn_in, months, policies = task
    base = Society(_scenario(people, burn_in, months, None), seed=seed)
    base.burn_in()
    burned = base.snapshot()
    found = {"baseline": _live(base, months)}
    base.close()
    for policy in policies:
        society = Society(_scenario(people, burn_in, months, policy), seed=seed)
        society.restore(burned)
        found[policy] = _live(society, months)
        society.close()
    return found


def _difference(sign: Sign, arms: dict[str, Series]) -> float:
    """Return the effect on one seed: points for shares, per cent of the baseline for the rest."""
    window = slice(sign.first, sign.last)
    policy, base = arms[sign.policy], arms["baseline"]
    if sign.indicator == "rebate_spent":
        paid = policy["transfers"][window].sum() - base["transfers"][window].sum()
        return float((policy["spent"][window].sum() - base["spent"][window].sum()) / paid)
    after, before = np.nanmean(policy[sign.indicator][window]), np.nanmean(base[sign.indicator][window])
    return float(100.0 * (after - before) / (1.0 if sign.indicator in SHARES else abs(before)))


def _verdict(sign: Sign, found: Effect, p: float) -> str:
    if sign.expected == 0:
        return (
            "yes" if found.low > 0.0 and found.high < 1.0 else "**no**" if not 0 < found.difference < 1 else "unclear"
        )
    right = found.difference * sign.expected > 0.0
    if p < 0.05:
        return "yes" if right else "**no**"
    return "unclear" if right else "unclear, wrong side"


def _unit(sign: Sign) -> str:
    return "share" if sign.expected == 0 else "points" if sign.indicator in SHARES else "%"


def _expected(sign: Sign) -> str:
    return {1: "up", -1: "down", 0: "between 0 and 1"}[sign.expected]


def write_table(out: Path, rows: list[tuple[Sign, Effect, float]], about: str) -> None:
    """Write policies.md."""
    lines = [
        "# Do policies do what economics says?",
        "",
        f"{about} Each policy is a file of `scenarios/policies`, here moved to start in month 0, in the economy of",
        "`scenarios/us.yaml`. An effect is the mean over the months named of policy minus baseline on the same seed;",
        "the interval is 95 % (Student's t over seeds); p is two-sided, adjusted over the whole table (Holm).",
        "`unclear`: adjusted p is .05 or more. Made by `docs/make_policies.py`.",
        "",
        "![Effects with intervals](policies.png)",
        "",
        "| policy | indicator | expected | months | effect | 95 % interval | adjusted p | as expected |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for sign, found, p in rows:
        numbers = f"{found.difference:+.2f} {_unit(sign)} | {found.low:+.2f} to {found.high:+.2f} | {p:.2g}"
        cells = (sign.what, _title(sign.indicator), _expected(sign), f"{sign.first}-{sign.last - 1}", numbers)
        lines.append(f"| {' | '.join(cells)} | {_verdict(sign, found, p)} |")
    wrong = [r for r in rows if _verdict(*r) == "**no**"]
    unclear = [r for r in rows if _verdict(*r).startswith("unclear")]
    lines += ["", f"{len(rows) - len(wrong) - len(unclear)} of {len(rows)} signs are as expected."]
    for label, chosen in (("Wrong", wrong), ("Unclear", unclear)):
        if chosen:
            names = "; ".join(f"{s.what}: {_title(s.indicator)}" for s, _, _ in chosen)
            lines.append(f"{label}: {names}.")
    (out / "policies.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def draw(out: Path, rows: list[tuple[Sign, Effect, float]], about: str) -> None:
    """Draw policies.png: effects that are measured alike side by side, one panel a unit."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    panels = [("% of the baseline", "%"), ("percentage points", "points"), ("share of the rebate", "share")]
    panels = [panel for panel in panels if any(_unit(s) == panel[1] for s, _, _ in rows)]
    heights = [0.6 + sum(_unit(s) == unit for s, _, _ in rows) for _, unit in panels]
    size = (9.5, 0.36 * len(rows) + 2.6)
    made, axes = pyplot.subplots(
        len(panels), 1, figsize=size, height_ratios=heights, layout="constrained", squeeze=False
    )
    colours = {"yes": "#1B7F4D", "**no**": "#B3261E"}
    for axis, (label, unit) in zip(axes[:, 0], panels, strict=True):
        chosen = [row for row in rows if _unit(row[0]) == unit]
        for height, (sign, found, p) in enumerate(chosen):
            shade = colours.get(_verdict(sign, found, p), "#8A8A8A")
            axis.plot([found.low, found.high], [height, height], color=shade, linewidth=2)
            axis.plot(found.difference, height, "o", color=shade, markersize=6)
        arrows = {1: "↑", -1: "↓", 0: "0..1"}
        names = [f"{s.what}: {_title(s.indicator)} {arrows[s.expected]}" for s, _, _ in chosen]
        axis.set_yticks(range(len(chosen)), names)
        axis.set_ylim(len(chosen) - 0.5, -0.5)
        axis.axvline(0, color="#666666", linewidth=1)
        if unit == "%":
            axis.set_xscale("symlog", linthresh=2.0)
            axis.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
        axis.set_xlabel(label)
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x", color="#E5E5E5")
        axis.set_axisbelow(True)
    title = "Effects of policies; arrows: what economics expects; green as expected, red not, grey unclear"
    made.suptitle(title, fontsize=11, x=0.01, ha="left")
    made.supxlabel(about, fontsize=8, x=0.01, ha="left")
    made.savefig(out / "policies.png", dpi=150)


def main() -> None:
    """Run every seed, then write table and picture."""
    parser = argparse.ArgumentParser(description="Signs of policies on paired seeds.")
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--burn-in", type=int, default=120)
    parser.add_argument("--months", type=int, default=48)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], help="names of policies; all where left out")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    args = parser.parse_args()
    signs = [sign for sign in SIGNS if not args.only or sign.policy in args.only]
    if not signs:
        parser.error(f"--only knows {', '.join(dict.fromkeys(sign.policy for sign in SIGNS))}")
    needed = max(sign.last for sign in signs)
    if args.seeds < 2 or args.months < needed:
        parser.error(f"needs 2 seeds and {needed} months or more")
    policies = tuple(dict.fromkeys(sign.policy for sign in signs))
    tasks = [(1 + seed, args.people, args.burn_in, args.months, policies) for seed in range(args.seeds)]
    with get_context("spawn").Pool(min(args.jobs, args.seeds)) as pool:
        runs = []
        for arms in pool.imap(run_seed, tasks):
            runs.append(arms)
            print(f"{len(runs)} of {len(tasks)} seeds", flush=True)
    effects = [effect(np.array([_difference(sign, arms) for arms in runs])) for sign in signs]
    adjusted = holm(np.array([found.p for found in effects]))
    rows = list(zip(signs, effects, adjusted.tolist(), strict=True))
    about = f"{args.seeds} paired seeds, {args.people:,} people, burn-in {args.burn_in} months."
    args.out.mkdir(parents=True, exist_ok=True)
    write_table(args.out, rows, about)
    draw(args.out, rows, about)
    print((args.out / "policies.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
