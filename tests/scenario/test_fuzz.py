"""Whatever the text, the loader answers OK or InputError: it never raises anything else."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from wildsim.core.document import parse
from wildsim.core.errors import InputError
from wildsim.scenario.load import load, load_overlay

WORDS = st.sampled_from(
    "name about seed months burn_in society people regions country behaviour sectors shocks parameters minds policies "
    "sensors reward evaluation llm record kind vat income_tax rate brackets hsv from until size where region age in "
    "employed crime demand labour.separation_rate unemployment_benefit replacement decisions panel validation".split()
)
SCALARS = st.one_of(
    WORDS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.text(max_size=8),
    st.sampled_from([0, 1, 0.5, 30, 240, 20000, "1e999", ".inf", "0x10", "1_0", "2001-01-01", "~"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=5)
)
SCENARIOS = st.dictionaries(WORDS, VALUES, max_size=6)


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


def _try(text: str, folder: Path, *overrides: str) -> None:
    file = folder / "fuzz.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(InputError):
        load(file, overrides).resolved()
    with contextlib.suppress(InputError):
        load(file).with_overlay(load_overlay(file))


@given(SCENARIOS)
def test_scenarios_of_known_words(tmp_path: Path, data: dict[str, object]) -> None:
    _try("\n".join(f"{key}: {_flow(value)}" for key, value in data.items()), tmp_path)


@given(st.text(max_size=200))
def test_any_text(tmp_path: Path, text: str) -> None:
    _try(text, tmp_path)


@given(st.text(alphabet="abc:{}[]-?!&*|>%@`'\"#, \n\t\\01.~<", max_size=60))
def test_yaml_like_text(text: str) -> None:
    with contextlib.suppress(InputError):
        parse(text, "fuzz")


@given(st.one_of(st.text(max_size=40), st.tuples(WORDS, WORDS, VALUES).map(lambda t: f"{t[0]}.{t[1]}={_flow(t[2])}")))
def test_any_override(tmp_path: Path, option: str) -> None:
    _try("policies: [{kind: vat, rate: .1}]", tmp_path, option)
    _try("", tmp_path, option, option)


@given(st.one_of(st.text(max_size=30), st.binary(max_size=30).map(lambda raw: raw.decode("latin-1"))))
def test_any_name(name: str) -> None:
    for door in (load, load_overlay):
        with contextlib.suppress(InputError):
            door(name)
