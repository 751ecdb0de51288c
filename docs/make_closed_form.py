"""Draw docs/pictures/closed-form.png and print the tables of docs/closed-form.md.

uv run python docs/make_closed_form.py        # minutes
uv run python docs/make_closed_form.py --out /tmp
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.core.parameters import load_parameters
from wildsim.core.table import F64
from wildsim.reports import style
from wildsim.scenario.load import load
from wildsim.society import Society

ROOT = Path(__file__).resolve().parent.parent
FLAT, TOP = "policies.0.rate", "policies.0.brackets.1.1"
RATES = np.linspace(0.02, 0.98, 33)
ELASTICITIES = (0.25, 0.5, 1.0)
TOPS = ((2.0, 0.25), (2.0, 0.5), (1.5, 1.0))
#: Of the economy with everything on: years of burn-in and of the tax, worlds.
BURN_IN, YEARS, SEEDS = 120, 3, 4
FULL_RATES = np.arange(0.1, 0.96, 0.05)


def revenue(scenario: str, lever: str, rates: F64, settings: Sequence[str], months: int = 1) -> F64:
    """Return income tax revenue, USD/month, shape (rates, months)."""
    found = np.empty((len(rates), months))
    for row, rate in enumerate(rates.tolist()):
        society = Society(load(scenario, [*settings, f"{lever}={rate!r}"]))
        for month in range(months):
            society.step()
            found[row, month] = society.indicators["income_tax_revenue"]
        society.close()
    return found


def peak(rates: F64, values: F64) -> float:
    """Return where a curve is highest: the top of the parabola through the highest point and its neighbours."""
    at = min(max(int(values.argmax()), 1), len(rates) - 2)
    square, linear, _ = np.polyfit(rates[at - 1 : at + 2], values[at - 1 : at + 2], 2)
    return float(-linear / square / 2.0)


def channels() -> None:
    """Print the peak of the flat tax, e = .5, with one channel at its usual value again."""
    usual = load_parameters("us")
    names = [name for name in load("laffer").parameters if "income_tax" not in name and "elasticity" not in name]
    shape = RATES * (1.0 - RATES) ** 0.5
    print("| on again | month 0: peak | off the closed form by | months 1 to 11: peak | by |\n|---|---|---|---|---|")
    for name in ("nothing", *names):
        value = "0.25" if name == "labour.hours_step" else "" if name == "nothing" else f"{usual[name].value}"
        again = [] if name == "nothing" else [f"parameters.{name}={value}"]
        found = revenue("laffer", FLAT, RATES, ["parameters.labour.hours_elasticity=0.5", *again], 12)
        cells = []
        for curve in (found[:, 0], found[:, 1:].mean(axis=1)):
            ratio = curve / shape
            cells += [f"{peak(RATES, curve):.3f}", f"{ratio.max() / ratio.min() - 1.0:.1%}"]
        print(f"| {name} {value} | " + " | ".join(cells) + " |", flush=True)


def everything_on(e: float) -> dict[str, F64]:
    """Return what a flat tax raises in the whole economy, mean over worlds: million USD/month of month 0 by rate.

    The keys are "first month" and "third year"; "unemployment" is its rate in the third year.
    """
    sets = ["society.people=2000", "society.regions=1", f"burn_in={BURN_IN}", f"months={12 * YEARS}"]
    sets += [f"parameters.labour.hours_elasticity={e}", "policies=[{kind: income_tax, from: 0, rate: 0.2}]"]
    real = np.empty((len(FULL_RATES), SEEDS, 12 * YEARS))
    idle = np.empty_like(real)
    for world in range(SEEDS):
        society = Society(load("us", sets), seed=1 + world)
        society.burn_in()
        start, prices = society.snapshot(), float(society.macro.price_level[0])
        society.close()
        for row, rate in enumerate(FULL_RATES.tolist()):
            society = Society(load("us", [*sets, f"policies.0.rate={rate!r}"]), seed=1 + world)
            society.restore(start)
            for month in range(12 * YEARS):
                society.step()
                seen = society.indicators
                real[row, world, month] = seen["income_tax_revenue"] * prices / float(society.macro.price_level[0])
                idle[row, world, month] = seen["unemployment_rate"]
            society.close()
    mean = real.mean(axis=1) / 1e6
    third = slice(12 * (YEARS - 1), None)
    return {
        "first month": mean[:, 0],
        "third year": mean[:, third].mean(axis=1),
        "unemployment": idle.mean(axis=1)[:, third].mean(axis=1),
    }


def draw(full: dict[float, dict[str, F64]], path: Path) -> None:
    """Draw the two closed forms beside the societies, and the economy with everything on."""
    fine = np.linspace(0.0, 1.0, 401)
    with style.styled():
        made = style.figure(11.0, 3.4)
        axes = made.subplots(1, 3)
        for number, e in enumerate(ELASTICITIES):
            found = revenue("laffer", FLAT, RATES, [f"parameters.labour.hours_elasticity={e}"])[:, 0]
            shape, best = fine * (1.0 - fine) ** e, 1.0 / (1.0 + e)
            scale = best * (1.0 - best) ** e
            axes[0].plot(fine, shape / scale, color=f"C{number}", label=f"e = {e:g}")
            level = (found / (RATES * (1.0 - RATES) ** e)).mean() * scale
            axes[0].plot(RATES, found / level, "o", color=f"C{number}", markersize=3.5)
            axes[0].axvline(best, color=f"C{number}", linewidth=0.8, linestyle=":")
        for number, (a, e) in enumerate(TOPS):
            sets = [f"parameters.labour.hours_elasticity={e}", f"parameters.population.ability_tail={a}"]
            found = revenue("top_rate", TOP, RATES, sets)[:, 0]
            axes[1].plot(RATES, found / found.max(), "o-", color=f"C{number}", markersize=3.5, linewidth=0.8)
            axes[1].axvline(
                1.0 / (1.0 + a * e), color=f"C{number}", linewidth=1.0, linestyle=":", label=f"a = {a:g}, e = {e:g}"
            )
        for number, (e, curves) in enumerate(full.items()):
            for name, line in (("first month", "--"), ("third year", "-")):
                axes[2].plot(FULL_RATES, curves[name], line, color=f"C{number}", label=f"e = {e:g}, {name}")
            axes[2].axvline(1.0 / (1.0 + e), color=f"C{number}", linewidth=0.8, linestyle=":")
        words: tuple[tuple[Any, str, str], ...] = (
            (axes[0], "Labour supply alone: a flat tax", "flat rate"),
            (axes[1], "Labour supply alone: a top rate", "rate above the threshold"),
            (axes[2], "The whole economy: a flat tax", "flat rate"),
        )
        for panel, title, across in words:
            panel.set_title(title, loc="left")
            panel.set_xlabel(across)
            panel.legend(fontsize=7.5)
            panel.set_xlim(0.0, 1.0)
        axes[0].set_ylabel("revenue / its maximum")
        axes[1].set_ylim(0.4, 1.02)
        axes[2].set_ylabel("million USD of month 0 a month")
        style.heading(
            made,
            "Income tax revenue by rate",
            "Dots: societies. Lines on the left: r (1 - r)^e. Dotted: the best rate of the closed form.",
        )
        style.save(made, path)


def main() -> None:
    """Print the tables, then draw."""
    parser = argparse.ArgumentParser(description="Best tax rates: closed forms and societies.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", help="folder of the picture")
    args = parser.parse_args()
    channels()
    full = {e: everything_on(e) for e in ELASTICITIES[:2]}
    for e, curves in full.items():
        first, third = (peak(FULL_RATES, curves[name]) for name in ("first month", "third year"))
        print(f"everything on, e = {e:g}: peak in the first month {first:.2f}, in the third year {third:.2f}")
        for rate, jobless in zip(FULL_RATES, curves["unemployment"], strict=True):
            print(f"    {rate:.2f}: unemployment in the third year {jobless:.3f}")
    draw(full, args.out / "closed-form.png")


if __name__ == "__main__":
    main()
