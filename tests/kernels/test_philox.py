"""Philox: the authors' known answers, and draws that depend on nothing but their key."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tests.worlds import frozen
from wildsim.core.keys import Keys, start_ids
from wildsim.kernels.philox import fill_uniform, mix, philox, unit

KNOWN = {
    "zeros": ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    "ones": ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    "pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}


def draws(
    key: int = 12345, month: int = 0, rows: int = 1000, count: int = 4, ids: NDArray[np.uint64] | None = None
) -> NDArray[np.float64]:
    ids = frozen(start_ids(1, rows) if ids is None else ids, np.uint64)
    out = np.empty((len(ids), count))
    fill_uniform(np.uint64(key), month, ids, out)
    return out


@pytest.mark.parametrize("name", KNOWN)
def test_known_answers_of_random123(name: str) -> None:
    counter, key, expected = KNOWN[name]
    found = philox(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in found) == expected


def test_draws_are_the_words_of_philox() -> None:
    row_id, month, key = 0x0123456789ABCDEF, -3, 0xFEDCBA9876543210
    found = draws(key, month, count=6, ids=np.array([row_id], dtype=np.uint64))[0]
    for block, part in ((0, found[:4]), (1, found[4:])):
        counter = (row_id & 0xFFFFFFFF, row_id >> 32, month % 2**32, block, key & 0xFFFFFFFF, key >> 32)
        expected = [(int(word) + 0.5) / 2**32 for word in philox(*(np.uint64(word) for word in counter))]
        assert part.tolist() == expected[: len(part)]


def test_uniform_numbers_are_strictly_between_0_and_1() -> None:
    assert unit(np.uint64(0)) > 0.0
    assert unit(np.uint64(2**32 - 1)) < 1.0


def test_uniform_over_ids_months_streams_and_draw_numbers() -> None:
    keys = Keys(3)
    samples = {
        "ids": draws(rows=20_000, count=1).ravel(),
        "draws": draws(rows=1, count=20_000).ravel(),
        "months": np.array([draws(month=month, rows=1, count=1)[0, 0] for month in range(-500, 1500)]),
        "streams": np.array(
            [draws(int(keys.stream(f"s{i}", "people", 0)), rows=1, count=1)[0, 0] for i in range(2000)]
        ),
    }
    for name, sample in samples.items():
        assert stats.kstest(sample, "uniform").pvalue > 0.001, name
        neighbours = np.corrcoef(sample[:-1], sample[1:])[0, 1]
        assert abs(neighbours) < 4.0 / np.sqrt(len(sample)), name


def test_streams_months_and_draw_numbers_are_independent() -> None:
    base = draws(rows=20_000)
    others = {
        "next month": draws(month=1, rows=20_000),
        "burn-in": draws(month=-1, rows=20_000),
        "other stream": draws(key=12346, rows=20_000),
        "other table": draws(ids=start_ids(2, 20_000)),
        "next draw": np.roll(base, 1, axis=1),
    }
    for name, other in others.items():
        assert not (base == other).any(), name
        for k in range(4):
            assert abs(np.corrcoef(base[:, k], other[:, k])[0, 1]) < 4.0 / np.sqrt(20_000), name


def test_a_draw_does_not_depend_on_other_rows_or_on_how_many_are_drawn() -> None:
    ids = start_ids(1, 50)
    whole = draws(ids=ids, count=7)
    assert (draws(ids=ids[::-1], count=7) == whole[::-1]).all()
    assert (draws(ids=np.delete(ids, 20), count=7) == np.delete(whole, 20, axis=0)).all()
    assert (draws(ids=ids, count=3) == whole[:, :3]).all()


def test_mix_spreads_neighbouring_ids_over_slots() -> None:
    slots = np.array([(int(mix(np.uint64(i), j)) >> 20) % 64 for i in range(400) for j in range(4)])
    assert stats.chisquare(np.bincount(slots, minlength=64)).pvalue > 0.001
