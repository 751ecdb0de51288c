"""Living the societies of a study: observers, storing, going on after an end in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.worlds import live as live_months
from tests.worlds import small_world
from wildsim.core.errors import BooksError, RunError
from wildsim.facts import evidence as stored
from wildsim.facts import measure_all, study
from wildsim.facts.evidence import Evidence
from wildsim.facts.observers import Cross, Firms, Spells, carried
from wildsim.facts.societies import variants
from wildsim.scenario.schema import Scenario
from wildsim.society import Society

SEEDS = (3, 4)


def story(**changes: Any) -> Scenario:
    size = {"people": 300, "regions": 1}
    return Scenario.model_validate({"name": "small", "burn_in": 2, "months": 14, "society": size} | changes)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.npz"))}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Evidence]]]:
    """A study of four societies and two seeds, undisturbed."""
    folder = tmp_path_factory.mktemp("study")
    return folder, study.gather(variants(story()), SEEDS, folder, jobs=1)


def test_every_society_and_seed_is_there(lived: tuple[Path, dict[str, list[Evidence]]]) -> None:
    folder, gathered = lived
    assert list(gathered) == ["rules", "shuffled", "random", "no shocks"]
    assert all(len(runs) == len(SEEDS) for runs in gathered.values())
    assert len(contents(folder)) == 8
    assert all(len(run.months) == 14 for runs in gathered.values() for run in runs if not run.ended)
    outcomes = {float(runs[0].months["gdp_real"].iloc[-1]) for runs in gathered.values()}
    assert len(outcomes) == 4, "each control changes something"


def test_an_end_in_between_changes_no_byte(lived: tuple[Path, dict[str, list[Evidence]]], tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.gather(variants(story()), SEEDS, tmp_path, jobs=1, progress=stop)
    assert len(contents(tmp_path)) == 3
    heard: list[tuple[int, int]] = []
    study.gather(variants(story()), SEEDS, tmp_path, jobs=1, progress=lambda *at: heard.append(at))
    assert heard[0] == (3, 8)
    assert len(heard) == 6, "five were lived"
    assert contents(tmp_path) == contents(lived[0])


def test_nothing_is_lived_twice_and_facts_are_the_same(
    lived: tuple[Path, dict[str, list[Evidence]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, gathered = lived
    monkeypatch.setattr(study, "live_and_store", None)
    again = study.gather(variants(story()), SEEDS, folder, jobs=1)
    for name, runs in gathered.items():
        for one, other in zip(runs, again[name], strict=True):
            assert measure_all(one) == pytest.approx(measure_all(other), nan_ok=True, rel=0, abs=0)


def test_damaged_or_foreign_evidence_is_lived_again(lived: tuple[Path, dict[str, list[Evidence]]]) -> None:
    folder, _ = lived
    before = contents(folder)
    path = next(iter(folder.rglob("*.npz")))
    path.write_bytes(path.read_bytes()[:200])
    heard: list[tuple[int, int]] = []
    study.gather(variants(story()), SEEDS, folder, jobs=1, progress=lambda *at: heard.append(at))
    assert heard == [(7, 8), (8, 8)]
    assert contents(folder) == before
    _, _, task = study.tasks(variants(story(months=15)), SEEDS, folder)[0]
    assert stored.read(task.path, task.key) is None, "it is that of other settings"


@pytest.mark.parametrize(
    ("file", "stands"),
    [("facts/observers.py", False), ("facts/evidence.py", False), ("society.py", False), ("facts/firms.py", True)],
)
def test_evidence_depends_on_observers_and_not_on_estimators(sources: Path, file: str, stands: bool) -> None:
    (*_, before), *_ = study.tasks(variants(story()), SEEDS, Path("x"))
    (sources / file).write_text((sources / file).read_text() + "# another\n")
    (*_, after), *_ = study.tasks(variants(story()), SEEDS, Path("x"))
    assert (before.key == after.key) == stands


def test_evidence_that_vanishes_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "live_and_store", lambda task: None)
    with pytest.raises(RunError, match="Start the command again"):
        study.gather(variants(story(), controls=False), SEEDS, tmp_path, jobs=1)


def test_names_and_the_first_seed_do_not_matter_and_settings_do() -> None:
    base = study.settings_digest(variants(story()), SEEDS)
    assert study.settings_digest(variants(story(name="other", seed=9, about="x")), SEEDS) == base
    assert study.settings_digest(variants(story(months=15)), SEEDS) != base
    assert study.settings_digest(variants(story()), (3, 5)) != base
    assert study.settings_digest(variants(story(), controls=False), SEEDS) != base


def test_controls_differ_from_the_society_in_one_thing() -> None:
    judged, *others = variants(story())
    for variant in others:
        one, other = judged.scenario.model_dump(), variant.scenario.model_dump()
        assert [key for key in one if one[key] != other[key]] == [
            "shocks" if variant.name == "no shocks" else "behaviour"
        ]
    calm = others[-1].scenario.shocks.model_dump()
    assert not any(calm.values())
    assert [variant.null for variant in variants(story())] == [False, True, True, False]


def test_crime_adds_reforms_of_the_society_alone() -> None:
    found = variants(story(sectors={"crime": True}))
    assert [list(variant.reforms) for variant in found] == [["fewer arrests", "more arrests"], [], [], []]
    assert len(study.tasks(found, SEEDS, Path("x"))) == 12
    changes = [reform.policies[-1].model_dump()["change"] for reform in found[0].reforms.values()]
    assert changes == [-0.3, 0.3]


def test_a_society_that_breaks_down_leaves_what_it_had(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lived_one = Society.step

    def breaks(self: Society) -> None:
        if self.month == 5:
            raise BooksError(5, "wages", 1.0)
        lived_one(self)

    monkeypatch.setattr(Society, "step", breaks)
    found = stored.live(story(), 1)
    assert len(found.months) == 5
    assert "month 5" in found.ended
    stored.save(tmp_path / "e.npz", found, "key")
    again = stored.read(tmp_path / "e.npz", "key")
    assert again is not None
    assert again.ended == found.ended
    assert measure_all(again) == pytest.approx(measure_all(found), nan_ok=True)


def test_values_are_carried_by_identity() -> None:
    old, new = np.array([5, 2, 9], dtype=np.uint64), np.array([9, 7, 2], dtype=np.uint64)
    assert carried(old, np.array([1.0, 2.0, 3.0]), new).tolist() == [3.0, 0.0, 2.0]
    assert carried(old[:0], np.empty(0), new).tolist() == [0.0, 0.0, 0.0]
    assert carried(old, np.array([1, 2, 3]), old).tolist() == [1, 2, 3]


def test_searches_are_counted_as_a_survey_counts_them() -> None:
    """A world in which nobody is hired for three months: everybody who searches is one month further each month."""
    world, observer = small_world(300, 1, month=0), Spells()
    world.minds = [lambda world, role, name, values: np.zeros_like(values) if name == "vacancies" else None]
    searching = []
    for month in range(3):
        live_months(world, 1)
        observer.look(world.view(), month)
        person = world.view().people
        searching.append(set(person.id[(person.participates == 1) & (person.employer < 0)].tolist()))
    found = observer.found()
    first, second, third = searching
    longest, twice = first & second & third, len(first & second) + len((second - first) & third)
    assert found["spell.under_way"].sum() == sum(len(who) for who in searching)
    assert found["spell.under_way"][1:3].tolist() == [twice, len(longest)]
    assert found["spell.at_risk"][:2].tolist() == [twice, len(longest)], "those who gave up searching are not at risk"
    assert found["spell.hired"].sum() == 0


def test_firms_are_noted_once_a_year_with_their_sales() -> None:
    world, observer, cross = small_world(300, 1, month=0), Firms(), Cross()
    sales: dict[int, float] = {}
    for month in range(12):
        live_months(world, 1)
        firms = world.view().firms
        for number, revenue in zip(firms.id.tolist(), firms.revenue.tolist(), strict=True):
            sales[number] = sales.get(number, 0.0) + revenue
        observer.look(world.view(), month)
        cross.look(world.view(), month)
    found = observer.found()
    assert set(found["firm.year"].tolist()) == {0}
    assert found["firm.kind"].max() <= 2, "no public agency"
    for number, amount in zip(found["firm.id"].tolist(), found["firm.sales"].tolist(), strict=True):
        assert amount == pytest.approx(sales[number])
    assert len(cross.found()["worker.wage"]) == int((world.view().people.employer >= 0).sum())
    assert len(cross.found()["household.wealth"]) == len(world.view().households)


@pytest.mark.slow
def test_processes_do_not_matter(lived: tuple[Path, dict[str, list[Evidence]]], tmp_path: Path) -> None:
    study.gather(variants(story()), SEEDS, tmp_path, jobs=2)
    assert contents(tmp_path) == contents(lived[0])


@pytest.mark.slow
def test_facts_of_every_sector_can_be_computed() -> None:
    size = {"people": 3000, "regions": 4}  # forty regions and years: a slope of fewer is not computed
    on = {"demography": True, "crime": True}
    scenario = story(society=size, sectors=on, burn_in=12, months=120)
    judged = variants(scenario, controls=False)[0]
    arms = {name: stored.live(reform, 1) for name, reform in judged.reforms.items()}
    plain = stored.live(scenario, 1)
    found = measure_all(Evidence(plain.months, plain.noted, plain.sectors, plain.ended, arms))
    assert 70 < found["life_expectancy"] < 86
    assert 0.05 < found["gompertz_slope"] < 0.12
    assert -1.5 < found["arrest_elasticity"] < 0.5
    assert np.isfinite(found["property_crime_unemployment"])
