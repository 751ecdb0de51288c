"""Print the figures of docs/sectors/science.md: science alone, the economy standing still.

Run it at the root of the project: python -m docs.sectors.measure_science
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from tests.sectors.science_worlds import college, column, spend, think

PEOPLE, SEEDS = 60_000, (1, 2, 3, 4)


def figures(seed: int) -> dict[str, float]:
    """Return what papers on science measure, after twenty years."""
    world = college(PEOPLE, seed)
    lived = np.sum(think(world, 240)[120:], axis=0) / 10 / float(column(world, "knowledge", "posts")[0])
    cited = column(world, "scientists", "citations").astype(float)
    h, enough = column(world, "scientists", "h"), cited >= 10
    age = world.clock.month - column(world, "papers", "month")
    old = np.sort(column(world, "papers", "citations")[(age > 96) & (age <= 156)].astype(float))
    count = len(old)
    return {
        "h / root citations": float((h[enough] / np.sqrt(cited[enough])).mean()),
        "exponent": float(stats.linregress(np.log(cited[enough]), np.log(np.maximum(h[enough], 1))).slope),
        "variance of log citations": float(np.log(old[old > 0]).var()),
        "never cited": float((old == 0).mean()),
        "Gini": float(((2 * np.arange(1, count + 1) - count - 1) * old).sum() / (count * old.sum())),
        "top 1 %": float(old[-count // 100 :].sum() / old.sum()),
        "papers a post": lived[0],
        "discoveries a paper": lived[1] / lived[0],
    }


def response(seed: int, change: float = 0.0, **law: float) -> dict[str, float]:
    """Return log changes of papers, discoveries and quality over ten years of another policy."""
    sums = []
    for on in (False, True):
        world = college(PEOPLE, seed)
        think(world, 60)
        if on:
            spend(world, change)
            for name, value in law.items():
                world.law.set(f"science.{name}", value)
        lived = np.sum(think(world, 120), axis=0)
        new = column(world, "papers", "month") > world.clock.month - 120
        sums.append([*lived, column(world, "papers", "quality")[new].mean(), column(world, "scientists", "h").mean()])
    names = ("papers", "discoveries", "quality a paper", "h")
    return dict(zip(names, np.log(np.array(sums[1]) / sums[0]).tolist(), strict=True))


def show(title: str, found: list[dict[str, float]]) -> None:
    """Print means over seeds with their standard errors."""
    print(title)
    for name in found[0]:
        values = np.array([one[name] for one in found])
        print(f"  {name:28s} {values.mean():7.3f} +- {values.std(ddof=1) / len(values) ** 0.5:.3f}")


def main() -> None:
    """Print everything."""
    show("after twenty years", [figures(seed) for seed in SEEDS])
    spent = [response(seed, change=0.5) for seed in SEEDS]
    show("elasticity to spending", [{name: v / np.log(1.5) for name, v in one.items()} for one in spent])
    for title, law in (
        ("merit alone", {"merit": 1.0, "equal_share": 0.0}),
        ("lottery", {"merit": 0.0, "equal_share": 0.0}),
        ("equal", {"equal_share": 1.0}),
        ("papers count for half", {"counting": 0.5}),
    ):
        show(f"{title}: log changes", [response(seed, **law) for seed in SEEDS])


if __name__ == "__main__":
    main()
