"""The figures of a run folder, drawn in one go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.sealing import shows
from wildsim.reports import effects, minds, money, sensed, series, spread
from wildsim.reports.social import adoption, climate, crime, culture, demography, education, homes, network, science
from wildsim.reports.style import mark, save, styled

#: File stem -> what draws it, in the order in which people should look.
FIGURES: dict[str, Callable[[Run], Figure]] = {
    "indicators": series.indicators,
    "differences": effects.differences,
    "responses": effects.responses,
    "curves": series.curves,
    "distributions": spread.distributions,
    "flows": money.flows,
    "money_network": money.money_network,
}


#: Social sector -> the picture of it (wildsim.reports.social), drawn where the sector is on in some arm.
OF_SECTORS: dict[str, Callable[[Run], Figure]] = {
    "climate": climate.picture,
    "adoption": adoption.picture,
    "crime": crime.picture,
    "demography": demography.picture,
    "homes": homes.picture,
    "science": science.picture,
    "education": education.picture,
    "culture": culture.picture,
    "network": network.picture,
}

#: Figures that need samples of distributions, and which.
OF_SAMPLES: dict[str, tuple[str, ...]] = {
    "distributions": ("wealth", "wage"),
    "demography": ("age_men", "age_women", "age_of_people"),
    "homes": ("home_value",),
    "science": ("scientist_h",),
    "education": ("exam_score",),
    "culture": ("box_office",),
}
#: Figures that need an arm beside the baseline.
OF_POLICIES = ("differences", "responses")


def draw(run: Run, folder: Path | None = None) -> list[Path]:
    """Draw every figure as PNG and return the paths.

    Args:
        run: A run with one finished seed or more. folder: Where to; figures/ in the run folder where left out.

    Raises:
        DiskError: A picture could not be written.
    """
    target = folder or run.path / "figures"
    written = []
    with styled():
        for stem, paint in _wanted(run).items():
            made = paint(run)
            mark(made, run.scripted)
            written.append(save(made, target / f"{stem}.png"))
    return written


def _wanted(run: Run) -> dict[str, Callable[[Run], Figure]]:
    """Return the figures that a run has something to show for."""
    wanted = {stem: paint for stem, paint in FIGURES.items() if stem not in OF_POLICIES or len(run.arms) > 1}
    wanted |= {"minds": minds.picture} if run.minded else {}
    if run.has_sensors:
        wanted |= {"sensed": sensed.picture} | ({"revisions": sensed.triangle} if sensed.revised(run) else {})
    wanted |= {sector: paint for sector, paint in OF_SECTORS.items() if sector in run.sectors}
    # pictures of distributions that would show what is sealed cannot be drawn
    closed = {stem for stem, samples in OF_SAMPLES.items() if any(shows(name, run.sealed) for name in samples)}
    return {stem: paint for stem, paint in wanted.items() if stem not in closed}
