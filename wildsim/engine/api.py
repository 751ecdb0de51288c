"""The door for notebooks and scripts: `run` a scenario, open a `Run`, `compare` several."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.core.errors import InputError, did_you_mean
from wildsim.engine import summary as summaries
from wildsim.engine.plan import make_plan
from wildsim.engine.run import start
from wildsim.engine.speech import scripted
from wildsim.engine.store import RunFolder
from wildsim.engine.units import unit_of
from wildsim.engine.watcher import Watcher
from wildsim.scenario.load import Overlay, load, load_overlay
from wildsim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


class Run:
    """A run folder, opened for reading.

    Attributes:
        path: The folder. arms: Names of the arms, the baseline first. seeds: Seeds that are done.
        months: Recorded months. starts: First month of each arm's policy.
    """

    def __init__(self, path: str | Path):
        """Open the run folder at `path`.

        Raises:
            InputError: It is no run folder, or one of another version.
            RunError: It is damaged, or no seed is done yet.
        """
        self._folder = RunFolder.open(Path(path))
        plan = self._folder.plan
        self.path = self._folder.path
        self.arms = [arm.name for arm in plan.arms]
        self.starts = {arm.name: arm.start for arm in plan.arms}
        self.months = plan.months
        self.manifest: dict[str, Any] = self._folder.manifest
        self.name: str = plan.scenario.name
        self._frames: dict[str, pd.DataFrame] = {}

    @cached_property
    def seeds(self) -> list[int]:
        """Seeds of which every arm is there.

        Raises:
            InputError: None is.
        """
        done = self._folder.done_seeds()
        if not done:
            raise InputError(f"No seed of '{self.path}' is done yet. Continue: wildsim resume {self.path}")
        return done

    @property
    def complete(self) -> bool:
        """Whether every seed is done."""
        return len(self.seeds) == len(self._folder.plan.seeds)

    @property
    def sectors(self) -> frozenset[str]:
        """Social sectors that are on in some arm."""
        return frozenset().union(*(arm.scenario.sectors_on for arm in self._folder.plan.arms))

    @property
    def minded(self) -> list[str]:
        """Arms in which somebody has another mind than the rules."""
        return [arm.name for arm in self._folder.plan.arms if arm.scenario.minds]

    @property
    def has_sensors(self) -> bool:
        """Whether some indicator of the baseline is measured otherwise than without error."""
        return bool(self._folder.plan.scenario.sensors)

    @property
    def sealed(self) -> list[str]:
        """Indicators that are kept from every table and picture until a verdict."""
        return sorted(frozenset().union(*(arm.scenario.evaluation.hidden for arm in self._folder.plan.arms)))

    @property
    def scripted(self) -> str:
        """What everything must say that rests on a script in place of a language model; "" where none does."""
        return scripted(arm.scenario for arm in self._folder.plan.arms)

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting of every arm with its default."""
        return self._folder.plan.resolved

    @property
    def indicators(self) -> pd.DataFrame:
        """Indicators of the baseline, index (seed, month)."""
        return self.arm(self.arms[0])

    def arm(self, name: str) -> pd.DataFrame:
        """Return the indicators of one arm, index (seed, month).

        Raises:
            InputError: There is no such arm.
        """
        self._check_arm(name)
        if name not in self._frames:
            self._frames[name] = summaries.indicators(self._folder, name, self.seeds)
        return self._frames[name]

    @cached_property
    def results(self) -> pd.DataFrame:
        """Paired differences between arms and baseline, one row an (arm, indicator, window); see results.parquet."""
        from wildsim.engine import paired

        return paired.differences({name: self.arm(name) for name in self.arms}, self.starts)

    def summary(self) -> pd.DataFrame:
        """Return one row an indicator: final value (mean of the last 12 months) over seeds, its range, the arms."""
        import pandas as pd

        table = pd.DataFrame.from_dict(summaries.of_arm(self.indicators), orient="index")
        table.insert(0, "unit", [unit_of(name) for name in table.index])
        for name in self.arms[1:]:
            table[name] = [row["final"] for row in summaries.of_arm(self.arm(name)).values()]
        table.index.name = "indicator"
        return table

    def flows(self, arm: str = "baseline", seed: int | None = None) -> pd.DataFrame:
        """Return the flows of one arm and seed (the first where left out): month, account, payer, payee, amount."""
        return self.table("flows", arm, seed)

    def sensed(self, arm: str = "baseline", seed: int | None = None) -> pd.DataFrame:
        """Return what the sensors published: indicator, period, vintage, value, se, source, quality, score.

        Raises:
            InputError: The scenario has no sensors, and so everything is published without error.
        """
        self._check_section(arm, "sensors")
        return self.table("sensed", arm, seed)

    def rewards(self, arm: str = "baseline", seed: int | None = None) -> pd.DataFrame:
        """Return the reward of each month as first known: period, known_in, value, and a column a term.

        Raises:
            InputError: Nothing is rewarded.
        """
        self._check_section(arm, "reward")
        return self.table("rewards", arm, seed)

    def _check_section(self, arm: str, section: str) -> None:
        self._check_arm(arm)
        scenario = next(one.scenario for one in self._folder.plan.arms if one.name == arm)
        if not getattr(scenario, section):
            raise InputError(f"The scenario of '{self.path}' has no {section}; nothing of the kind was written.")

    def stocks(self, arm: str = "baseline", seed: int | None = None) -> pd.DataFrame:
        """Return the balance sheets of one arm and seed: month, instrument, sector, amount."""
        return self.table("stocks", arm, seed)

    def distributions(self, arm: str = "baseline", seed: int | None = None) -> pd.DataFrame:
        """Return samples at the end of the run: distribution, share_below, value."""
        return self.table("distributions", arm, seed)

    def table(self, stem: str, arm: str = "baseline", seed: int | None = None) -> pd.DataFrame:
        """Return a recorded table of one arm and seed.

        Raises:
            InputError: There is no such arm or seed.
            RunError: The file is missing or damaged.
        """
        self._check_arm(arm)
        chosen = self.seeds[0] if seed is None else seed
        if chosen not in self.seeds:
            raise InputError(f"This run has no finished seed {chosen}; it has {_few(self.seeds)}.")
        return summaries.table(self._folder, arm, chosen, stem)

    def fallback_bounds(self, arm: str = "baseline") -> pd.DataFrame | None:
        """Return final indicators as run, and with every decision that fell back at its lower and its upper bound.

        Means over the seeds in which decisions fell back, of the last 12 months; None where none did.
        """
        from wildsim.engine import fallbacks

        self._check_arm(arm)
        seeds = [s for s in self.seeds if (self._folder.seed_folder(arm, s) / f"{fallbacks.STEM}.parquet").exists()]
        tables = [fallbacks.effects(self.arm(arm).loc[[s]], self.table(fallbacks.STEM, arm, s)) for s in seeds]
        if not tables:
            return None
        total = tables[0]
        for table in tables[1:]:
            total = total + table
        return total / len(tables)

    def decisions(
        self,
        agent: str | None = None,
        month: int | None = None,
        arm: str = "baseline",
        seed: int | None = None,
    ) -> pd.DataFrame:
        """Return recorded decisions, one row a decision and field.

        Args:
            agent: An id such as "person-17". month: A recorded month. arm: Arm. seed: Seed, the first if left out.

        Raises:
            InputError: The run recorded no decisions.
        """
        self._check_arm(arm)
        chosen = self.seeds[0] if seed is None else seed
        if chosen not in self.seeds:
            raise InputError(f"This run has no finished seed {chosen}; it has {_few(self.seeds)}.")
        if not (self._folder.seed_folder(arm, chosen) / "decisions.parquet").exists():
            raise InputError(
                f"'{self.path}' recorded no decisions: say record: {{decisions: panel}} in the scenario (or `all`), or "
                "give agents minds: wildsim list roles"
            )
        table = self.table("decisions", arm, chosen)
        if agent is not None:
            table = table[table["agent"] == agent]
        if month is not None:
            table = table[table["month"] == month]
        return table

    def plot(self, indicator: str, ax: Axes | None = None) -> Axes:
        """Draw an indicator over time, every arm with the band over its seeds, and return the axes.

        Raises:
            InputError: The run has no such indicator.
        """
        from wildsim.engine.plot import draw_series

        names = [str(name) for name in self.indicators.columns]
        if indicator not in names:
            raise InputError(f"This run has no indicator '{indicator}'.{did_you_mean(indicator, names)}")
        if ax is None:
            from matplotlib import pyplot

            _, ax = pyplot.subplots(figsize=(7, 3.6), layout="constrained")
        draw_series(ax, self, indicator)
        ax.set_xlabel("month")
        if len(self.arms) > 1:
            ax.legend(frameon=False)
        if self.scripted:
            ax.annotate(self.scripted, (0.99, 0.01), xycoords="axes fraction", ha="right", va="bottom", fontsize=7)
        return ax

    def _check_arm(self, name: str) -> None:
        if name not in self.arms:
            raise InputError(f"This run has no arm '{name}'.{did_you_mean(name, self.arms)} It has {_few(self.arms)}.")

    def __repr__(self) -> str:
        """Say what it is in a line."""
        arms = f", arms {', '.join(self.arms)}" if len(self.arms) > 1 else ""
        return f"Run('{self.path}': {self.name}, {len(self.seeds)} seeds x {self.months} months{arms})"

    def _repr_html_(self) -> str:
        """Show the summary in a notebook."""
        table: str = self.summary().to_html(float_format=lambda value: f"{value:,.4g}", na_rep="-", border=0)
        note = f"<p>{html.escape(self.scripted)}</p>" if self.scripted else ""
        return f"<p><b>{html.escape(repr(self))}</b></p>{table}{note}"


def _few(items: Sequence[Any]) -> str:
    return ", ".join(str(item) for item in items[:8]) + (", ..." if len(items) > 8 else "")


def run(
    scenario: Scenario | str | Path,
    seeds: int = 8,
    seed: int | None = None,
    months: int | None = None,
    policies: Sequence[Overlay | str | Path] = (),
    jobs: int | None = None,
    out: str | Path | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    threads: int = 1,
) -> Run:
    """Run a scenario, and every policy as an arm beside it, and return the finished run.

    Args:
        scenario: A scenario, or the path or name of one.
        seeds: How many worlds. seed: The first one; the scenario's own where left out.
        months: Recorded months instead of the scenario's.
        policies: Policy files, or kinds that need no parameters; each is one arm.
        jobs: Processes, one a core where left out. threads: Threads of each process.
        out: The run folder, runs/DATE-NAME-HASH where left out.
        progress: Called now and then with months done, of how many, and where it stands.

    Raises:
        InputError: The scenario, a policy or a number is wrong.
        RunError: A seed failed; the others are kept and `wildsim resume` carries on.
    """
    story = scenario if isinstance(scenario, Scenario) else load(scenario)
    overlays = [policy if isinstance(policy, Overlay) else load_overlay(policy) for policy in policies]
    plan = make_plan(story, overlays, seeds=seeds, seed=seed, months=months)
    watcher = Watcher(say=print, progress=progress) if progress else Watcher(say=print)
    command = _as_command(story, overlays, plan.seeds, plan.months)
    place = Path(out) if out is not None else None
    folder = start(plan, out=place, jobs=jobs, threads=threads, watcher=watcher, command=command)
    return Run(folder.path)


def _as_command(story: Scenario, overlays: Sequence[Overlay], seeds: Sequence[int], months: int) -> str:
    """Return the command line that does the same."""
    import shlex

    policies = [word for overlay in overlays for word in ("--policy", overlay.file)]
    words = ["wildsim", "run", story.file or story.name, "--seeds", str(len(seeds)), "--seed", str(seeds[0])]
    return shlex.join([*words, "--months", str(months), *policies])


def compare(*runs: Run | str | Path) -> pd.DataFrame:
    """Return how the indicators of several runs differ from those of the first; see `wildsim compare`.

    Raises:
        InputError: Fewer than two runs, or one is no run folder.
    """
    from wildsim.engine.compare import indicator_differences

    return indicator_differences([item if isinstance(item, Run) else Run(item) for item in runs])
