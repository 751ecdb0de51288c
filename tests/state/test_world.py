"""A world: protected views, keyed draws, saving and restoring."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.worlds import SOCIAL, live, same, small_world
from wildsim.core.errors import WriteProtectionError
from wildsim.month import MONTH
from wildsim.state.step import Step, step
from wildsim.state.world import DECISIONS, World, WorldView

GO_ON = """
import sys
sys.path.insert(0, ".")
import numpy as np
from tests.state.test_world import digest
from tests.worlds import live, small_world
world = small_world(500, 2, seed=9)
world.load(dict(np.load(sys.argv[1])))
live(world, 3)
print(digest(world))
"""


def digest(world: World) -> str:
    """Return a fingerprint of all state, to the bit."""
    found = hashlib.sha256()
    for name, values in sorted(world.state().items()):
        found.update(name.encode())
        found.update(np.asarray(values).tobytes())
    return found.hexdigest()


def test_a_seed_gives_the_same_society_and_another_seed_another() -> None:
    one, two, other = small_world(300), small_world(300), small_world(300, seed=2)
    assert same(one.state(), two.state()) == []
    assert "table.people.ability" in same(one.state(), other.state())
    for world in (one, two):
        live(world, 3)
    assert same(one.state(), two.state()) == []


def test_state_and_load_are_inverse() -> None:
    world, other = small_world(500), small_world(500)
    live(world, 3)
    world.memory["lottery"] = np.arange(4)
    saved = world.state()
    other.load(saved)
    assert same(saved, other.state()) == []
    assert other.clock.month == -237


def test_a_restored_society_goes_on_as_if_it_had_never_stopped() -> None:
    world, other = small_world(500, seed=9), small_world(500, seed=9)
    live(world, 3)
    saved = world.state()
    kept = {name: np.array(values) for name, values in saved.items()}
    live(world, 3)
    for _ in range(2):
        other.load(saved)
        live(other, 3)
        assert same(world.state(), other.state()) == []
        assert same(kept, saved) == [], "living on must not change the snapshot"


def test_a_society_restored_in_a_new_process_goes_on_alike(tmp_path: Path, root: Path) -> None:
    world = small_world(500, 2, seed=9)
    live(world, 3)
    np.savez(tmp_path / "saved.npz", **world.state())
    live(world, 3)
    done = subprocess.run(
        [sys.executable, "-c", GO_ON, str(tmp_path / "saved.npz")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == digest(world)


def test_threads_do_not_matter() -> None:
    one, two = small_world(800, 4), small_world(800, 4, threads=2)
    live(one, 4)
    live(two, 4)
    two.tiles.close()
    assert same(one.state(), two.state()) == []


def test_a_sector_reads_everything_and_writes_what_it_declares() -> None:
    world = small_world(300)

    @step(firms="price")
    def double(view: WorldView) -> None:
        view.firms.price[:] = 2.0 * view.firms.price

    before = world.tables["firms"].base("price").copy()
    double(world)
    assert (world.tables["firms"].base("price") == 2 * before).all()


@pytest.mark.parametrize(
    ("table", "column"), [("firms", "wage"), ("people", "wage"), ("households", "deposits"), ("macro", "gdp")]
)
def test_a_sector_that_writes_elsewhere_is_stopped(table: str, column: str) -> None:
    world = small_world(300)

    @step(firms="price")
    def trespass(view: WorldView) -> None:
        getattr(getattr(view, table), column)[:] = 0.0

    before = world.state()
    with pytest.raises(ValueError, match="read-only"):
        trespass(world)
    assert same(before, world.state()) == []


def test_no_sector_can_declare_money() -> None:
    @step(households="deposits")
    def steal(view: WorldView) -> None:
        view.households.deposits[:] = 0.0

    with pytest.raises(WriteProtectionError, match="ledger"):
        steal(small_world(300))


def test_a_view_refuses_to_replace_a_column_and_names_unknown_tables() -> None:
    view = small_world(300).view({"firms": ["price"]})
    with pytest.raises(WriteProtectionError):
        view.firms.price = np.zeros(3)
    with pytest.raises(AttributeError, match="aliens"):
        _ = view.aliens


def _declared() -> list[tuple[str, str, str]]:
    steps = [each for each in MONTH if isinstance(each, Step)]
    return [
        (each.name, table, column) for each in steps for table, columns in each.writes.items() for column in columns
    ]


@pytest.mark.parametrize(("name", "table", "column"), _declared())
def test_what_the_month_declares_exists_and_is_no_money(name: str, table: str, column: str) -> None:
    declared = small_world(300, sectors=SOCIAL).tables[table].columns[column]
    assert declared.kind != "money"
    assert (declared.kind == "decision") == (table in {each.name for each in DECISIONS})


def test_no_state_hides_outside_what_is_saved() -> None:
    """Every attribute of a world is saved, made from the scenario, or empty between months.

    The council, where there is one, is saved by the society (tests/deliberation).
    """
    world = small_world(300)
    live(world, 1)
    saved = {"tables", "ledger", "clock", "history", "memory"}
    made = {
        "tiles",
        "law",
        "keys",
        "measuring",
        "policies",
        "minds",
        "transfers",
        "log",
        "sectors",
        "council",
        "sensors",
        "observed",
    }
    assert set(vars(world)) == saved | made
    assert world.transfers == []
    assert world.observed == {}


def _draws(world: World, month: int = 0) -> Any:
    world.clock.month = month
    return world.view().uniform("test", "people", 3)


def test_draws_of_a_view_are_keyed_by_id_and_month() -> None:
    world = small_world(300)
    first = _draws(world)
    assert first.shape == (3, 300)
    assert (_draws(world) == first).all()
    assert (_draws(world, 1) != first).all()
    world.clock.month = 0
    some = world.view().uniform_of("test", "people", slice(10, 20), 3)
    assert (some == first[:, 10:20]).all()
