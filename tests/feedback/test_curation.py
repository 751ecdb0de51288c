"""Curation: each step finds what was planted, leaves what is honest, says why; switched off it finds nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.feedback.curation.collusion import Collusion
from wildsim.feedback.curation.digits import Digits
from wildsim.feedback.curation.duplicates import Duplicates
from wildsim.feedback.curation.outliers import Outliers, distance, limit
from wildsim.feedback.curation.pipeline import Curated, Step, curate, quality_of
from wildsim.feedback.curation.provenance import Origin, Provenance, seal
from wildsim.feedback.curation.reconciliation import Reconciliation
from wildsim.feedback.curation.records import Records, of_readings, records
from wildsim.sensors.reading import Reading

NAME = "wage_mean"


def _luck(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def _answers(rng: np.random.Generator, reporters: int, questions: int = 1) -> Records:
    """Return the answers of honest reporters to some questions, spread by factors as wages are."""
    who = np.repeat([f"person-{k}" for k in range(reporters)], questions)
    asked = np.tile([f"question_{k}" for k in range(questions)], reporters)
    return records("survey", who, asked, 3, np.exp(8.0 + 0.4 * rng.standard_normal(reporters * questions)))


def _joined(*parts: Records) -> Records:
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Records.__dataclass_fields__}
    return replace(Records(**columns), row=np.arange(sum(map(len, parts))))


def _off(everything: Records, planted: set[int]) -> None:
    """The control: without the step nothing is found."""
    off = curate(everything, [])
    assert quality_of(off, planted).recall == 0.0
    assert np.isnan(quality_of(off, planted).precision)
    assert len(off.kept) == len(everything)


def _told(found: Curated, step: str) -> None:
    """What is dropped is kept, and each of it says why and by which step."""
    assert len(found.dropped) == len(found.why)
    assert found.dropped.row.tolist() == [one.row for one in found.why]
    assert all(one.step == step and one.reason for one in found.why)
    assert not set(found.kept.row.tolist()) & set(found.dropped.row.tolist())


def test_repeated_and_contradicting_reports_are_found() -> None:
    honest = _answers(_luck(1), 500)
    again = honest.take(np.arange(0, 60))
    corrected = replace(honest.take(np.arange(60, 80)), value=honest.value[60:80] * 1.01)
    everything = _joined(honest, again, corrected)
    planted = set(range(500, 580))
    found = curate(everything, [Duplicates()])
    quality = quality_of(found, planted)
    assert (quality.precision, quality.recall) == (1.0, 1.0)
    assert found.why[0].reason == "repeats record 0 of this reporter"
    assert "contradicts record 60" in {one.row: one.reason for one in found.why}[560]
    _told(found, "duplicates")
    _off(everything, planted)


def test_reporters_who_copy_others_are_found() -> None:
    rng = _luck(2)
    honest = _answers(rng, 800, questions=4)
    source = honest.take(np.arange(0, 40 * 4))
    noise = 1.0 + 1e-5 * rng.standard_normal(len(source))  # copied, with the last digits changed
    names = np.repeat([f"copy-{k}" for k in range(40)], 4)
    everything = _joined(honest, replace(source, reporter=names, value=source.value * noise))
    planted = set(range(3200, 3200 + 160))
    found = curate(everything, [Duplicates()])
    quality = quality_of(found, planted)
    assert quality.recall == 1.0
    assert quality.precision >= 0.95
    assert "all 4 answers are those of person-0" in {one.reason for one in found.why}
    _told(found, "duplicates")
    _off(everything, planted)


def test_releases_of_one_source_are_revisions_and_no_duplicates() -> None:
    releases = records("accounts", "", "gdp", 3, [100.0, 101.0], [4, 7])
    assert len(curate(releases, [Duplicates()]).kept) == 2


@pytest.mark.parametrize("size", [10, 40, 300, 3000])
def test_honest_groups_raise_outlier_alarms_at_the_stated_rate(size: int) -> None:
    """Of 600 groups 5 %: between 2.6 and 8.0 % in 99.8 of 100 such tests."""
    rng, most = _luck(size), limit(size, 0.05)
    alarms = [bool((distance(rng.standard_normal(size)) > most).any()) for _ in range(600)]
    assert 0.026 <= np.mean(alarms) <= 0.080


def test_outliers_are_found_among_amounts() -> None:
    rng = _luck(3)
    honest = _answers(rng, 400)
    lies = records("survey", [f"liar-{k}" for k in range(30)], "question_0", 3, np.exp(8.0 + 3.0 * np.ones(30)))
    everything = _joined(honest, lies, records("survey", "none", "question_0", 3, [0.0]))
    planted = set(range(400, 431))
    found = curate(everything, [Outliers(log=True)])
    quality = quality_of(found, planted)
    assert quality.recall == 1.0
    assert quality.precision >= 0.95
    _told(found, "outliers")
    _off(everything, planted)
    same = records("survey", [f"p{k}" for k in range(20)], "question_0", 3, np.ones(20))
    assert len(curate(same, [Outliers()]).kept) == 20  # what does not spread has no outliers


ORIGINS = {"survey": Origin(b"of the survey", -24), "registry": Origin(b"of the registry", 0, 24)}


def test_forged_provenance_is_found_to_the_last_record() -> None:
    honest = seal(_answers(_luck(4), 300), ORIGINS)
    invented = records("survey", [f"sybil-{k}" for k in range(20)], "question_0", 3, np.full(20, 3000.0))
    changed = replace(honest.take(np.arange(10)), value=honest.value[:10] * 2.0)
    stranger = replace(honest.take(np.arange(5)), source=np.array(["surveys"] * 5))
    early = seal(records("registry", "", NAME, [-3, 30], [1.0, 2.0]), ORIGINS)
    ahead = seal(records("survey", "p", NAME, 6, [1.0], published=6), ORIGINS)
    stolen = honest.take(np.arange(20, 24)).sealed(honest.seal[:4].tolist())
    everything = _joined(honest, invented, changed, stranger, early, ahead, stolen)
    planted = set(range(300, len(everything)))
    found = curate(everything, [Provenance(ORIGINS)])
    quality = quality_of(found, planted)
    assert (quality.precision, quality.recall) == (1.0, 1.0)
    reasons = {one.row: one.reason for one in found.why}
    assert reasons[300] == "it has no seal"
    assert reasons[320] == reasons[len(everything) - 1] == "its seal is not that of source 'survey'"
    assert reasons[330] == "source 'surveys' is not known"
    assert reasons[335] == "speaks of month -3; source 'registry' exists since month 0"
    assert reasons[336] == "speaks of month 30; source 'registry' ended in month 24"
    assert reasons[337] == "published in month 6, before the end of month 6"
    _told(found, "provenance")
    _off(everything, planted)
    other = {name: replace(origin, key=b"another") for name, origin in ORIGINS.items()}
    assert len(curate(honest, [Provenance(other)]).kept) == 0
    with pytest.raises(InputError, match="unknown source 'surveys'"):
        seal(stranger, ORIGINS)


def _three(rng: np.random.Generator, bias: float) -> Records:
    truth = 1000.0 * np.exp(0.02 * rng.standard_normal(12))
    parts = []
    for name, off in (("output", 0.0), ("income", bias), ("spending", 0.0)):
        parts.append(records(name, "", "gdp", np.arange(12), truth * np.exp(off + 0.01 * rng.standard_normal(12))))
    return _joined(*parts)


def test_the_guilty_one_of_three_sources_is_named_and_dropped() -> None:
    rng, found, right = _luck(5), [], []
    for _ in range(300):
        curated = curate(_three(rng, 0.02), [Reconciliation()])
        quality = quality_of(curated, set(range(12, 24)))
        found.append(quality.recall)
        right.append(quality.precision)
    assert np.mean(found) >= 0.95
    assert np.nanmean(right) >= 0.95
    assert "source 'income' is +" in curated.why[0].reason
    _told(curated, "reconciliation")
    _off(_three(rng, 0.02), set(range(12, 24)))
    alarms = np.mean([len(curate(_three(rng, 0.0), [Reconciliation()]).why) > 0 for _ in range(2_000)])
    assert 0.03 <= alarms <= 0.066


def _heaped(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    """Return amounts of which a share was made up by somebody who likes 0 and 5."""
    made = np.round(np.exp(8.0 + 0.4 * rng.standard_normal(count)))
    up = rng.random(count) < share
    return np.where(up, np.round(made / 5.0) * 5.0, made)


def _by_office(values: np.ndarray, offices: int) -> Records:
    return records(np.repeat([f"office-{k}" for k in range(offices)], len(values) // offices), "", NAME, 3, values)


def test_offices_that_make_their_numbers_up_have_other_digits() -> None:
    rng = _luck(6)
    # honest reports are heaped themselves: against even digits, as textbooks have them, all would be guilty
    honest = _heaped(rng, 4_000, 0.3)
    step = Digits(honest, Keys(6), "last", level=0.01)
    clean, cheats = _heaped(rng, 20 * 120, 0.3), _heaped(rng, 20 * 120, 0.9)
    everything = _by_office(np.concatenate([clean, cheats]), 40)
    planted = set(range(2_400, 4_800))
    found = curate(everything, [step])
    quality = quality_of(found, planted)
    assert quality.recall >= 0.95
    assert quality.precision >= 0.9
    _told(found, "digits")
    _off(everything, planted)
    textbook = replace(step, honest=np.arange(4_000, dtype=np.float64))
    assert quality_of(curate(everything, [textbook]), planted).false_alarms >= 0.8


@pytest.mark.parametrize("which", ["first", "last"])
def test_honest_digits_raise_alarms_at_the_nominal_rate(which: str) -> None:
    """Of 300 groups 5 %: between 1.7 and 9.4 % in 99.8 of 100 such tests. First digits here are far from Benford's."""
    rng = _luck(7)
    step = Digits(_heaped(rng, 20_000, 0.3), Keys(7), which)  # type: ignore[arg-type]
    everything = _by_office(_heaped(rng, 300 * 60, 0.3), 300)
    dropped = len(curate(everything, [step]).dropped) / len(everything)
    assert 0.017 <= dropped <= 0.094


def test_too_few_honest_reports_tell_nothing() -> None:
    with pytest.raises(InputError, match="30 or more do"):
        Digits(np.ones(3), Keys(1))


def test_reporters_who_agree_upon_a_value_are_found() -> None:
    rng = _luck(8)
    honest = rng.binomial(25, 0.06, 5_000) / 25  # rates of small groups: honest reporters share values, too
    clean = records("survey", [f"p{k}" for k in range(400)], NAME, 3, rng.binomial(25, 0.06, 400) / 25)
    lies = records("survey", [f"liar{k}" for k in range(30)], NAME, 3, np.full(30, 0.28))
    everything = _joined(clean, lies)
    planted = set(range(400, 430))
    found = curate(everything, [Collusion(honest)])
    quality = quality_of(found, planted)
    assert quality.recall == 1.0
    assert quality.precision >= 0.9
    assert "30 of 430 reporters say 0.28" in found.why[0].reason or "31 of 430" in found.why[0].reason
    _told(found, "collusion")
    _off(everything, planted)
    alarms = [
        len(curate(replace(clean, value=rng.binomial(25, 0.06, 400) / 25), [Collusion(honest)]).why) > 0
        for _ in range(400)
    ]
    assert np.mean(alarms) <= 0.09  # nominal 5 % at most, as values are discrete


def test_steps_follow_each_other_and_each_sees_what_was_kept() -> None:
    honest = seal(_answers(_luck(9), 200), ORIGINS)
    sybils = records("survey", [f"sybil-{k}" for k in range(50)], "question_0", 3, np.full(50, 9e9))
    everything = _joined(honest, sybils, honest.take(np.arange(5)))
    steps: list[Step] = [Provenance(ORIGINS), Duplicates(), Outliers(log=True)]
    found = curate(everything, steps)
    assert {one.step for one in found.why} >= {"provenance", "duplicates"}
    assert len(found.kept) + len(found.dropped) == len(everything)
    assert {one.row for one in found.why if one.step == "provenance"} == set(range(200, 250))
    assert len(curate(found.kept, steps[:2]).dropped) == 0
    empty = everything.take(np.zeros(len(everything), dtype=bool))
    assert len(curate(empty, steps).kept) == 0


def test_readings_become_records() -> None:
    told = [Reading("gdp", 3, 4, 7.0, 0.1, "accounts"), Reading("gdp", 4, 5, np.nan, np.nan, "accounts", "undefined")]
    found = of_readings(told)
    assert (found.value.tolist(), found.period.tolist(), found.published.tolist()) == ([7.0], [3], [4])
    with pytest.raises(InputError, match="differ in length"):
        replace(found, value=np.ones(2))
