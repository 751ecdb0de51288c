"""Luck belongs to ids: decisions, threads, interruptions and other people's fates leave it alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import SOCIAL, live, same, small_world
from wildsim.kernels.picks import pick_founder
from wildsim.policies import POLICIES
from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state.world import ROLES, World

#: A decision that changes much for one agent, by role and column: (table, the agent's row, the part of the range).
BOLD = [
    ("household_member", "consumption", 1.0),
    ("household_member", "participate", 0.0),
    ("household_member", "search", 1.0),
    ("household_member", "reservation_wage", 1.0),
    ("household_member", "hours", 0.0),
    ("firm_manager", "price", 1.0),
    ("firm_manager", "wage", 1.0),
    ("firm_manager", "vacancies", 1.0),
    ("firm_manager", "layoffs", 1.0),
    ("firm_manager", "output", 0.0),
    ("firm_manager", "investment", 0.5),
    ("firm_manager", "payout", 1.0),
]
#: Columns that money flows between regions reach within the month: through owners, banks and the state.
SHARED = {
    *("deposits", "loans", "dividends", "arrears", "barred"),  # bank room, dividends of firms and banks
    *("income", "gross_income", "permanent_income", "income_12m"),
    *("capital_value", "profit", "dividend"),
}


def _only(role: str, name: str, part: float, row: int) -> Any:
    def mind(world: World, who: str, what: str, values: NDArray[Any]) -> NDArray[Any] | None:
        if (who, what) != (role, name):
            return None
        column = world.tables[ROLES[role][0]].columns[name]
        scale = float(world.tables["macro"].base(column.scale)[0]) if column.scale else 1.0
        chosen = values.copy()
        chosen[row] = (column.lower + part * (column.upper - column.lower)) * scale
        return chosen

    return mind


@pytest.fixture(scope="module")
def grown() -> dict[str, Any]:
    world = small_world(600, 2)
    live(world, 3)
    return world.state()


def _lived(grown: dict[str, Any], months: int = 1, mind: Any = None) -> World:
    world = small_world(600, 2)
    world.load(grown)
    world.minds = [mind] if mind else []
    live(world, months)
    return world


@pytest.mark.parametrize(("role", "name", "part"), BOLD, ids=[f"{role}.{name}" for role, name, _ in BOLD])
def test_one_decision_leaves_the_other_region_bit_identical(
    grown: dict[str, Any], role: str, name: str, part: float
) -> None:
    """Agents of another region do not meet the one who decides; this month nothing of theirs may move by a bit."""
    row = 5 if role == "household_member" else 3
    plain, other = _lived(grown), _lived(grown, mind=_only(role, name, part, row))
    decided = [w.tables[ROLES[role][0]].base(name) for w in (plain, other)]
    assert (decided[0] != decided[1]).sum() <= 1
    regions = plain.tables["households"].base("region")
    elsewhere = {
        "people": regions[plain.tables["people"].base("household")] == 1,
        "households": regions == 1,
        "firms": plain.tables["firms"].base("region") == 1,
    }
    for table, rows in elsewhere.items():
        for column in set(plain.tables[table].columns) - SHARED:
            a, b = (w.tables[table].base(column)[rows] for w in (plain, other))
            assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), (table, column)


def test_one_decision_leaves_every_draw_of_every_stream(grown: dict[str, Any]) -> None:
    plain = _lived(grown, 2)
    other = _lived(grown, 2, mind=_only("firm_manager", "layoffs", 1.0, 3))
    for stream, table in (
        ("managers", "firms"),
        ("separation", "people"),
        ("matching", "people"),
        ("shopping", "households"),
        ("takeover", "firms"),
        ("innovation", "firms"),
        ("shock.demand", "macro"),
    ):
        found = []
        for world in (plain, other):
            draws = world.view().uniform(stream, table, 4)
            found.append(dict(zip(world.tables[table].base("id").tolist(), draws.T.tolist(), strict=True)))
        shared = found[0].keys() & found[1].keys()
        assert len(shared) >= 0.9 * len(found[0])
        assert all(found[0][number] == found[1][number] for number in shared)


@pytest.mark.parametrize(
    ("threads", "sectors", "month"),
    [(2, frozenset(), -240), (3, frozenset(), -240), (8, frozenset(), -240), (3, SOCIAL, -2)],
    ids=["2", "3", "8", "3, every sector"],
)
def test_any_number_of_threads_gives_the_same_bytes(threads: int, sectors: frozenset[str], month: int) -> None:
    one, several = (small_world(600, 4, month=month, threads=n, sectors=sectors) for n in (1, threads))
    live(one, 6)
    live(several, 6)
    several.tiles.close()
    assert same(one.state(), several.state()) == []


GO_ON = """
import sys
import numpy as np
from tests.properties.test_luck import story
from wildsim.society import Society
folder, end = sys.argv[1], int(sys.argv[2])
for pause in sys.argv[3:]:
    society = Society(story())
    society.restore(dict(np.load(f"{folder}/pause{pause}.npz")))
    society.run_for(end - society.month)
    np.savez(f"{folder}/end{pause}.npz", **society.snapshot())
"""


def story() -> Scenario:
    """Return a society with every sector, shocks, policies that remember whom they chose, and newcomers."""
    policies = [
        {"kind": "rebate", "usd": 500, "from": 1, "randomly_over": 4},
        {"kind": "public_jobs", "places": 0.3, "months": 6, "from": 2},
        {"kind": "migration", "share": 0.05, "from": 3},
        {"kind": "policy_rate", "shift": 0.01, "months": 5, "from": 2},
        {"kind": "training_places", "places": 0.3, "months": 4, "from": 1},
        {"kind": "ai_training", "places": 0.3, "from": 2},
        {"kind": "energy_mix", "renewable": 0.5, "by": 6, "from": 2},
    ]
    assert {policy["kind"] for policy in policies} <= set(POLICIES)
    size = {"country": "us", "people": 400, "regions": 2}
    sectors = dict.fromkeys(sorted(SOCIAL), True)
    return Scenario.model_validate(
        {"burn_in": 4, "months": 24, "society": size, "sectors": sectors, "policies": policies}
    )


def test_a_restored_society_in_a_new_process_is_one_that_never_stopped(tmp_path: Path, root: Path) -> None:
    """Saved to disk in the burn-in, in the middle of policies, and after them."""
    pauses, end = (-3, 2, 5, 8), 9
    society = Society(story())
    for pause in pauses:
        society.run_for(pause - society.month)
        np.savez(tmp_path / f"pause{pause}.npz", **society.snapshot())
    society.run_for(end - society.month)
    command = [sys.executable, "-c", GO_ON, str(tmp_path), str(end), *map(str, pauses)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for pause in pauses:
        assert same(dict(np.load(tmp_path / f"end{pause}.npz")), society.snapshot()) == [], pause


def test_a_failure_leaves_ids_of_others_that_are_born_later(grown: dict[str, Any]) -> None:
    """One firm fails in one arm; firms founded since at other places carry the same ids in both arms."""

    def fail(world: World) -> None:
        mask = np.arange(len(world.tables["firms"])) == 3
        world.ledger.clear(world.clock.month)
        world.ledger.pay("transfers", ("firms", np.where(mask, 1e7, 0.0)), "government")

    arms = []
    for extra in (False, True):
        world = small_world(600, 2)
        world.load(grown)
        if extra:
            fail(world)
        live(world, 12)
        arms.append(world)
    first, second = (set(w.tables["firms"].base("id").tolist()) for w in arms)
    victim = int(grown["table.firms.id"][3])
    assert victim in first - second
    for world in arms:
        ids = world.tables["firms"].base("id")
        assert len(np.unique(ids)) == len(ids)
    shared = first & second
    assert len(shared) >= 0.8 * len(first)
    for table in ("people", "households"):
        assert np.array_equal(arms[0].tables[table].base("id"), arms[1].tables[table].base("id"))


@pytest.mark.parametrize("gone", range(0, 200, 17))
def test_one_household_fewer_changes_only_places_that_it_would_have_founded(gone: int) -> None:
    ids = np.arange(200, dtype=np.uint64) * np.uint64(7919) + np.uint64(1 << 57)
    deposits = np.full(200, 1000.0)
    key = np.uint64(12345)
    kept = np.arange(200) != gone
    for place in range(100):
        word = np.uint64(place)
        chosen = ids[pick_founder(0, 200, ids, deposits, 500.0, key, 7, word)]
        again = ids[kept][pick_founder(0, 199, ids[kept], deposits[kept], 500.0, key, 7, word)]
        assert again == chosen or chosen == ids[gone]
