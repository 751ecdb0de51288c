"""How fast a society lives, and what takes the time: `uv run --group bench python tests/benchmarks/speed.py`.

Every row is measured in a process of its own, so that memory is its own. Beside WildSim, in the same run and counted
in the same unit (one agent, one step): bamengine, a macroeconomic model of the same kind (PyPI, with its numba kernel),
and the wealth model that comes with Mesa, one Python object an agent. No time is asserted anywhere.

Options: --quick (up to 10^5 people, fewer months), --write (docs/speed.md as well).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from wildsim.scenario.schema import NEEDS, SECTORS

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
#: Steps lived before the clock runs.
WARM = 3
#: A row is measured over about so many agent-steps, within the bounds.
WORK, LEAST, MOST = 12_000_000, 8, 600


def months_of(people: int, quick: bool) -> int:
    """Return over how many steps a society of this size is measured."""
    return max(LEAST // 2 if quick else LEAST, min(MOST, WORK // people) // (4 if quick else 1))


# -- one measurement, in a process of its own ---------------------------------------------------------------------


def wildsim(
    people: int,
    threads: int,
    steps: int,
    ready: Callable[[], None] = lambda: None,
    sectors: Iterable[str] = (),
) -> dict[str, Any]:
    """Measure a society started from US figures, with some social sectors; `ready` is called when it is warm."""
    from wildsim.scenario.schema import Scenario
    from wildsim.society import Society

    regions = max(1, people // (15_625 if people >= 100_000 else 2_500))
    size = {"country": "us", "people": people, "regions": regions}
    story = {"burn_in": 0, "months": 24, "society": size, "sectors": dict.fromkeys(sectors, True)}
    society = Society(Scenario.model_validate(story), threads=threads)
    state = sum(values.nbytes for name, values in society.snapshot().items() if name.startswith("table."))
    return {**_timed(society.step, steps, ready), "state": state / people, "regions": regions}


def bamengine(people: int, threads: int, steps: int) -> dict[str, Any]:
    """Measure bamengine with one firm for ten households."""
    import bamengine as bam

    settings = {"n_households": people, "n_firms": people // 10, "n_banks": 10, "goods_kernel": "numba"}
    return _timed(bam.Simulation.init(seed=1, log_level="ERROR", **settings).step, steps)


def mesa(people: int, threads: int, steps: int) -> dict[str, Any]:
    """Measure Mesa's Boltzmann wealth model on a grid with one cell an agent."""
    from mesa.examples import BoltzmannWealth

    side = max(1, round(people**0.5))
    return _timed(BoltzmannWealth(n=people, width=side, height=side, seed=1).step, steps)


def _timed(step: Callable[[], Any], steps: int, ready: Callable[[], None] = lambda: None) -> dict[str, Any]:
    for _ in range(WARM):
        step()
    ready()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall": wall / steps, "cpu": cpu / steps, "peak": _peak()}


def _peak() -> float:
    """Return the largest memory of this process so far, MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1e6 if sys.platform == "darwin" else 1e3)


def social(*sectors: str) -> Callable[[int, int, int], dict[str, Any]]:
    """Return the measurement of a society with these sectors, and those that they need."""

    def run(people: int, threads: int, steps: int) -> dict[str, Any]:
        needed = {other for sector in sectors for other in NEEDS.get(sector, ())}
        return wildsim(people, threads, steps, sectors={*sectors, *needed})

    return run


def profile_social(people: int, threads: int, steps: int) -> dict[str, Any]:
    """Measure every part of the month of a society with every sector."""
    return profile(people, threads, steps, SECTORS)


def profile(people: int, threads: int, steps: int, sectors: Iterable[str] = ()) -> dict[str, Any]:
    """Measure every part of the month of a society."""
    from wildsim import society as living

    spent: dict[str, float] = {}

    def clocked(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            start = time.perf_counter()
            result = call(*arguments)
            spent[name] = spent.get(name, 0.0) + time.perf_counter() - start
            return result

        return run

    living.MONTH = tuple(clocked(getattr(step, "name", "?"), step) for step in living.MONTH)
    for name, label in (("measure_all", "indicators"), ("close_month", "books close"), ("net_worths", "net worths")):
        setattr(living, name, clocked(label, getattr(living, name)))
    found = wildsim(people, threads, steps, ready=spent.clear, sectors=sectors)
    return {"wall": found["wall"], "parts": {name: seconds / steps for name, seconds in spent.items()}}


def months_two_social(people: int, threads: int, steps: int) -> dict[str, Any]:
    """Measure the first two months of a society with every sector."""
    return months_two(people, threads, steps, SECTORS)


def months_two(people: int, threads: int, steps: int, sectors: Iterable[str] = ()) -> dict[str, Any]:
    """Measure the first two months with everything before them: imports, compilation, the start."""
    start = time.perf_counter()
    from wildsim.scenario.schema import Scenario
    from wildsim.society import Society

    size = {"country": "us", "people": people, "regions": 2}
    story = {"burn_in": 0, "months": 24, "society": size, "sectors": dict.fromkeys(sectors, True)}
    society = Society(Scenario.model_validate(story))
    society.run_for(2)
    return {"wall": time.perf_counter() - start}


MEASURES: dict[str, Callable[[int, int, int], dict[str, Any]]] = {
    f.__name__: f for f in (wildsim, bamengine, mesa, profile, profile_social, months_two, months_two_social)
}
MEASURES |= {f"with_{sector}": social(sector) for sector in SECTORS} | {"with_all": social(*SECTORS)}


def measure(what: str, people: int, threads: int = 1, steps: int = 1, **environment: str) -> dict[str, Any]:
    """Return a measurement made in a new process; {"failed": the last line it wrote} if it did not end well."""
    command = [sys.executable, __file__, "--one", what, str(people), str(threads), str(steps)]
    settings = {**os.environ, "OMP_WAIT_POLICY": "passive", "NUMBA_NUM_THREADS": "1", **environment}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {"failed": (done.stderr.strip().splitlines() or ["killed"])[-1]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# -- tables ---------------------------------------------------------------------------------------------------------


def speed_table(sizes: tuple[int, ...], quick: bool) -> list[str]:
    """Return the table of speeds, one row a model, size and number of threads."""
    rows = [
        "| model | people | threads | agent-steps a second, millions | a CPU-second | ms a step | ns a person and step "
        "| bytes a person (state) | peak memory, MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    plan = [("wildsim", n, t) for t in (1, 2) for n in sizes]
    plan += [("bamengine", n, 1) for n in sizes] + [("mesa", n, 1) for n in sizes if n <= 100_000]
    for what, people, threads in plan:
        steps = months_of(people * (20 if what == "mesa" else 1), quick)
        found = measure(what, people, threads, steps)
        head = f"| {what} | {people:,} | {threads} |"
        if "failed" in found:
            rows.append(f"{head} failed: {found['failed']} | | | | | |")
        else:
            wall = found["wall"]
            state = f"{found['state']:.0f}" if "state" in found else ""
            rows.append(
                f"{head} {people / wall / 1e6:.2f} | {people / found['cpu'] / 1e6:.2f} "
                f"| {wall * 1e3:.2f} | {wall / people * 1e9:.0f} "
                f"| {state} | {found['peak']:.0f} |"
            )
        print(rows[-1], flush=True)
    return rows


def sector_table(sizes: tuple[int, ...], quick: bool) -> list[str]:
    """Return what each social sector adds to a month and to the memory of a person, a column a sector."""
    names = [*SECTORS, "all"]
    rows = ["| | economy | " + " | ".join(names) + " |", "|---|" + "---:|" * (len(names) + 1)]
    for threads in (1, 2):
        for people in sizes[-2:]:
            steps = months_of(people, quick)
            found = {"economy": measure("wildsim", people, threads, steps)}
            found |= {name: measure(f"with_{name}", people, threads, steps) for name in names}
            base = found["economy"]
            cells = [f"{base['wall'] * 1e3:.1f}"]
            for name in names:
                # education stands on demography: what it adds is beside that
                beside = found["demography"] if name == "education" else base
                failed = "failed" in found[name] or "failed" in beside
                cells.append("failed" if failed else f"{(found[name]['wall'] - beside['wall']) * 1e3:+.1f}")
            rows.append(f"| {people:,} people, {threads} thread(s): ms a month | " + " | ".join(cells) + " |")
            print(rows[-1], flush=True)
    bytes_ = [f"{base['state']:.0f}"]
    for name in names:
        beside = found["demography"] if name == "education" else base
        bytes_.append("failed" if "failed" in found[name] else f"{found[name]['state'] - beside['state']:+.0f}")
    rows.append("| bytes a person | " + " | ".join(bytes_) + " |")
    if "failed" not in found["all"]:
        speed = sizes[-1] / found["all"]["wall"] / 1e6
        peak = found["all"]["peak"]
        rows += ["", f"All sectors, {sizes[-1]:,} people, 2 threads: {speed:.2f} million person-months a second; "]
        rows[-1] += f"{found['all']['state']:.0f} bytes a person; peak memory {peak:.0f} MB."
    return rows


def profile_table(sizes: tuple[int, ...], quick: bool, what: str = "profile") -> list[str]:
    """Return the share of the month that each of its parts takes, by size, the largest share first."""
    found = {n: measure(what, n, 1, months_of(n, quick)) for n in sizes}
    found = {n: result for n, result in found.items() if "failed" not in result}
    if not found:
        return ["The profile failed."]
    last = found[max(found)]["parts"]
    names = sorted(last, key=lambda name: -last[name])
    rows = ["| part of the month | " + " | ".join(f"{n:,} people, ms (share)" for n in found) + " |"]
    rows.append("|---|" + "---:|" * len(found))
    for name in [*names, "everything else"]:
        cells = []
        for result in found.values():
            parts, wall = result["parts"], result["wall"]
            ms = max(wall - sum(parts.values()), 0.0) if name == "everything else" else parts.get(name, 0.0)
            cells.append(f"{ms * 1e3:.3f} ({ms / wall:.1%})")
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return rows


def compile_line(what: str = "months_two", kernels: str = "the kernels of the economy") -> str:
    """Return how long machine code of kernels takes to make: two months with an empty cache, less a warm run."""
    with tempfile.TemporaryDirectory() as folder:
        cold = measure(what, 300, NUMBA_CACHE_DIR=folder)
        warm = measure(what, 300, NUMBA_CACHE_DIR=folder)
    if "failed" in cold or "failed" in warm:
        return f"Compilation: failed: {cold.get('failed') or warm.get('failed')}"
    gap = cold["wall"] - warm["wall"]
    return (
        f"Compilation of {kernels}, once: {gap:.1f} s (first two months of 300 people with an empty cache "
        f"{cold['wall']:.1f} s, with a filled one {warm['wall']:.1f} s, imports included)."
    )


def versions() -> str:
    """Return what the figures depend on, without naming the machine."""
    import numba
    import numpy

    packages = f"Python {platform.python_version()}, numpy {numpy.__version__}, numba {numba.__version__}"
    return f"{packages}, {os.cpu_count()} cores, {platform.machine()}"


def main() -> None:
    """Measure, print the tables, and write the page where asked."""
    parser = argparse.ArgumentParser(description="Speed and memory of WildSim beside other simulators.")
    parser.add_argument("--quick", action="store_true", help="up to 10^5 people, fewer months")
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    parser.add_argument("--one", nargs=4, metavar=("WHAT", "PEOPLE", "THREADS", "STEPS"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        what, *numbers = chosen.one
        print(json.dumps(MEASURES[what](*map(int, numbers))))
        return
    sizes = SIZES[:-1] if chosen.quick else SIZES
    compiled = compile_line() + " " + compile_line("months_two_social", "all kernels, those of every sector among them")
    print(compiled)
    page = [
        "# Speed",
        "",
        "Written by `uv run --group bench python tests/benchmarks/speed.py --write`; other machines, other figures.",
        "",
        versions() + ". " + compiled,
        "",
        "An agent-step is one person and month (WildSim), one household and period (bamengine, which has no households"
        " of two, taxes, regions or capital), one agent and step (Mesa's Boltzmann wealth model).",
        "",
        *speed_table(sizes, chosen.quick),
        "",
        "## What each social sector adds",
        "",
        "Beside the economy alone, without burn-in; education beside demography, on which it stands. With demography a",
        "society has children, so fewer people work and shop.",
        "",
        *sector_table(sizes, chosen.quick),
        "",
        "## What takes the time",
        "",
        "One thread; parts of the month in the order of the largest society.",
        "",
        *profile_table(sizes, chosen.quick),
        "",
        "With every social sector:",
        "",
        *profile_table(sizes, chosen.quick, "profile_social"),
        "",
    ]
    print("\n".join(page))
    if chosen.write:
        (ROOT / "docs" / "speed.md").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
