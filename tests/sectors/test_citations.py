"""Citations: the kernels against slow and sure ways, and the figures that papers on science find."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.sectors.science_worlds import college, column, think
from tests.worlds import frozen
from wildsim.core.keys import start_ids
from wildsim.kernels.science import h_indices, poisson_numbers
from wildsim.state.world import World


def poisson(means: Any, ids: Any = None, most: int = 10**6, month: int = 5) -> np.ndarray:
    means = np.asarray(means, dtype=np.float64)
    out = np.empty(len(means), dtype=np.int32)
    names = frozen(start_ids(62, len(means)) if ids is None else ids, np.uint64)
    poisson_numbers(np.uint64(99), month, names, means, most, out)
    return out


@pytest.mark.parametrize("mean", [0.01, 0.8, 7.5, 60.0, 199.0, 400.0])
def test_poisson_numbers_are_poisson(mean: float) -> None:
    found = poisson(np.full(20_000, mean))
    assert found.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / len(found)))
    assert found.var() == pytest.approx(mean, rel=0.06)
    cut = int(mean + np.sqrt(mean))
    assert (found <= cut).mean() == pytest.approx(stats.poisson.cdf(cut, mean), abs=0.02)


def test_poisson_numbers_belong_to_ids_and_never_fall_with_the_mean() -> None:
    ids = start_ids(62, 500)
    few, many = poisson(np.full(500, 3.0), ids), poisson(np.full(500, 3.3), ids)
    assert (many >= few).all()
    assert np.array_equal(poisson(np.full(250, 3.0), ids[::2]), few[::2])
    assert poisson(np.full(500, 3.0), ids, most=2).max() == 2
    assert not poisson(np.zeros(5)).any()


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 12)), max_size=60))
def test_h_is_the_largest_h_with_h_papers_cited_h_times(papers: list[tuple[int, int]]) -> None:
    authors, cited = [author for author, _ in papers], [number for _, number in papers]
    out = np.full(5, -1, dtype=np.int16)
    h_indices(frozen(authors, np.int32), frozen(cited, np.int32), out)
    for author in range(5):
        own = [number for a, number in papers if a == author]
        assert out[author] == max(h for h in range(len(own) + 1) if sum(number >= h for number in own) >= h)


@pytest.fixture(scope="module")
def grown() -> World:
    """Sixty thousand people after twenty years of science."""
    world = college(60_000)
    think(world, 240)
    return world


def test_h_grows_with_the_root_of_citations(grown: World) -> None:
    """.45 to .65: h = sqrt(C / a) with a of 3 to 5 (Hirsch 2005), .54 sqrt(C) (Yong 2014)."""
    cited = column(grown, "scientists", "citations").astype(float)
    h, enough = column(grown, "scientists", "h"), cited >= 10
    assert enough.mean() > 0.8
    assert 0.45 <= (h[enough] / np.sqrt(cited[enough])).mean() <= 0.65
    slope = stats.linregress(np.log(cited[enough]), np.log(np.maximum(h[enough], 1))).slope
    assert slope == pytest.approx(0.45, abs=0.08), "van Raan 2006, Scientometrics: h = .42 C^.45"


@pytest.mark.parametrize("people", [3000, 10_000])
def test_the_ratio_holds_in_small_societies(people: int) -> None:
    ratios = []
    for seed in (1, 2, 3):
        world = college(people, seed)
        think(world, 240)
        cited = column(world, "scientists", "citations").astype(float)
        enough = cited >= 10
        ratios.append((column(world, "scientists", "h")[enough] / np.sqrt(cited[enough])).mean())
    assert 0.45 <= np.mean(ratios) <= 0.65


def test_citations_are_spread_as_in_the_world(grown: World) -> None:
    """Log citations of papers of one age have a variance near 1.3 (Radicchi, Fortunato, Castellano 2008)."""
    age = grown.clock.month - column(grown, "papers", "month")
    cited = np.sort(column(grown, "papers", "citations")[(age > 96) & (age <= 156)].astype(float))
    assert len(cited) > 1000
    assert np.log(cited[cited > 0]).var() == pytest.approx(1.3, abs=0.25)
    assert 0.02 < (cited == 0).mean() < 0.25
    count = len(cited)
    gini = ((2 * np.arange(1, count + 1) - count - 1) * cited).sum() / (count * cited.sum())
    assert 0.6 <= gini <= 0.8
    assert cited[-count // 100 :].sum() / cited.sum() > 0.1, "the most cited hundredth"


def test_the_cited_are_cited(grown: World) -> None:
    """Attachment rises about in proportion to citations, measured as Jeong, Neda, Barabasi (2003) do."""
    world = college(60_000)
    world.load(grown.state())
    age = world.clock.month - column(world, "papers", "month")
    ids, before = column(world, "papers", "id").copy(), column(world, "papers", "citations").copy()
    think(world, 12)
    now = dict(zip(column(world, "papers", "id").tolist(), column(world, "papers", "citations").tolist(), strict=True))
    chosen = np.flatnonzero((age > 24) & (age <= 60) & (before > 0))
    new = np.array([now[int(i)] for i in ids[chosen]]) - before[chosen]
    edges = np.geomspace(1, before[chosen].max() + 1, 9)
    place = np.digitize(before[chosen], edges)
    rows = [k for k in np.unique(place) if (place == k).sum() >= 20]
    x = [np.log(before[chosen][place == k].mean()) for k in rows]
    y = [np.log(new[place == k].mean()) for k in rows]
    assert 0.7 <= stats.linregress(x, y).slope <= 1.3


def test_attention_fades_with_age(grown: World) -> None:
    """New citations of the average paper fall once it is some years old, and references are as many as they should."""
    world = college(60_000)
    world.load(grown.state())
    age = world.clock.month - column(world, "papers", "month")
    ids, before = column(world, "papers", "id").copy(), column(world, "papers", "citations").copy()
    papers = sum(number for number, _ in think(world, 12))
    now = dict(zip(column(world, "papers", "id").tolist(), column(world, "papers", "citations").tolist(), strict=True))
    new = np.array([now.get(int(i), b) for i, b in zip(ids, before, strict=True)]) - before
    young, old, oldest = (new[(age > low) & (age <= low + 60)].mean() for low in (12, 96, 156))
    assert young > 1.5 * old
    assert young > 2.0 * oldest
    assert 16 <= new.sum() / papers <= 20, "the rest went to papers of these twelve months"


def test_papers_that_matter_to_nobody_are_forgotten() -> None:
    world = college(5000, forgotten_after=60)
    think(world, 240)
    author, cited = column(world, "papers", "author"), column(world, "papers", "citations")
    old = column(world, "papers", "month") < world.clock.month - 61
    h = column(world, "scientists", "h")
    assert (author[old] >= 0).all()
    assert (cited[old] >= h[author[old]] - 1).all()
    assert column(world, "scientists", "papers").sum() > (author >= 0).sum(), "the count of all papers goes on"
