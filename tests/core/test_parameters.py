"""Parameters carry unit and source; overrides are checked; parsing happens once."""

from __future__ import annotations

from pathlib import Path

import pytest

from wildsim.core import parameters
from wildsim.core.errors import InputError, RunError
from wildsim.core.parameters import load_parameters, override_problem, resolve

GOOD = """
rate: {value: 0.02, unit: share/month, year: 2019, source: "BLS, JOLTS", doc: "Separations.", low: 0, high: 1}
on: {value: true, unit: switch, source: assumption, doc: "A switch."}
pair: {value: [1, 2], unit: people, source: "Census", doc: "Two numbers.", low: 0}
steps: {value: [[0, 0.1], [100, 0.2]], unit: USD/year, source: "IRS", doc: "Brackets.", low: 0, free: true}
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "parameters" / "us"
    folder.mkdir(parents=True)
    (folder / "labour.yaml").write_text(GOOD)
    monkeypatch.setattr(parameters, "DATA", tmp_path / "parameters")
    monkeypatch.setenv("WILDSIM_CACHE", str(tmp_path / "cache"))
    load_parameters.cache_clear()
    yield folder
    load_parameters.cache_clear()


def test_entries_carry_everything(data: Path) -> None:
    rate = load_parameters("us")["labour.rate"]
    assert (rate.value, rate.unit, rate.year, rate.source) == (0.02, "share/month", 2019, "BLS, JOLTS")
    assert (rate.low, rate.high, rate.doc) == (0, 1, "Separations.")


def test_the_kept_copy_says_the_same_and_follows_changes(data: Path, tmp_path: Path) -> None:
    first = load_parameters("us")
    assert list((tmp_path / "cache").iterdir())
    load_parameters.cache_clear()
    assert load_parameters("us") == first
    (data / "labour.yaml").write_text(GOOD.replace("0.02", "0.03"))
    load_parameters.cache_clear()
    assert load_parameters("us")["labour.rate"].value == 0.03


def test_a_spoilt_or_forbidden_cache_does_no_harm(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_parameters("us")
    for file in (tmp_path / "cache").iterdir():
        file.write_text('[{"name": 1}]')
    load_parameters.cache_clear()
    assert load_parameters("us") == first
    monkeypatch.setenv("WILDSIM_CACHE", "/proc/nowhere")
    load_parameters.cache_clear()
    assert load_parameters("us") == first


def test_overrides_replace_defaults(data: Path) -> None:
    values = resolve("us", {"labour.rate": 1, "labour.on": False, "labour.steps": [[0, 0.5]]})
    assert values.pop("labour.pair") == [1.0, 2.0]
    assert values == {"labour.rate": 1.0, "labour.on": False, "labour.steps": [[0.0, 0.5]]}
    assert isinstance(values["labour.rate"], float)
    assert resolve("us", {})["labour.rate"] == 0.02


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("labour.rat", 0.1, "unknown parameter 'labour.rat'. Did you mean 'labour.rate'"),
        ("labour.rate", 30, "it is a share. Write 0.30 for 30 %"),
        ("labour.rate", -1, "must be 0 or more"),
        ("labour.rate", "x", "must be a number"),
        ("labour.rate", True, "must be a number"),
        ("labour.rate", float("nan"), "must be a number"),
        ("labour.rate", 10**400, "must be a number"),
        ("labour.rate", [1], "must be a number"),
        ("labour.rate", {"a": 1}, "must be a number"),
        ("labour.rate", None, "must be a number"),
        ("labour.on", 1, "must be true or false"),
        ("labour.steps", 3, "must be a list"),
        ("labour.steps", [[1], 2], "must be a list"),
        ("labour.steps", [[-1, 0.1]], "must be 0 or more"),
        ("labour.pair", [1.0], "must have as many numbers as the default"),
    ],
)
def test_wrong_overrides_are_refused(data: Path, name: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        resolve("us", {name: value})
    assert override_problem(load_parameters("us"), name, value)


@pytest.mark.parametrize(
    "entry",
    [
        "{value: 1, unit: x, doc: y}",
        "{value: 1, source: x, doc: y}",
        "{value: x, unit: u, source: x, doc: y}",
        "{value: 2, unit: u, source: x, doc: y, high: 1}",
        "{value: 1, unit: u, source: x, doc: y, note: z}",
        "3",
    ],
)
def test_bad_files_are_named(data: Path, entry: str) -> None:
    (data / "bad.yaml").write_text(f"\nthing: {entry}\n")
    with pytest.raises(RunError, match=r"bad\.yaml:2"):
        load_parameters("us")


def test_unknown_country_is_named(data: Path) -> None:
    with pytest.raises(InputError, match="country is 'uk'; known: us"):
        load_parameters("uk")


def test_shipped_parameters_load_and_have_sources() -> None:
    load_parameters.cache_clear()
    for country in parameters.countries():
        for item in load_parameters(country).values():
            assert item.unit, item.name
            assert item.source, item.name
            assert item.doc, item.name
