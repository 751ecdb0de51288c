"""A world: its tables, books, keys and clock, and the view of it that each sector gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.clock import Clock
from wildsim.core.keys import Keys, check_unique, hashed
from wildsim.core.table import F64, I64, Table
from wildsim.kernels.philox import fill_uniform
from wildsim.state.adoption import Adopters, AdoptionDecisions, Pairings
from wildsim.state.climate import Atmosphere, Emitters, EnergyDecisions
from wildsim.state.crime import CrimeDecisions, Offending, Policing
from wildsim.state.culture import Platform, PlatformDecisions, Tastes, Titles
from wildsim.state.education import Pupils, StudyDecisions
from wildsim.state.firms import Firms, ManagerDecisions
from wildsim.state.history import History
from wildsim.state.homes import HomeDecisions, HomeMarkets, Homes, Tenures
from wildsim.state.households import Households
from wildsim.state.law import Law
from wildsim.state.ledger import Ledger
from wildsim.state.lives import Lives, Settlements, Vital
from wildsim.state.network import Acquaintances, Addresses, Quarters
from wildsim.state.people import MemberDecisions, People
from wildsim.state.public import (
    Abroad,
    Banks,
    CabinetDecisions,
    CentralBank,
    CentralBankerDecisions,
    Government,
    Laws,
    Macro,
    OfficerDecisions,
    Regions,
)
from wildsim.state.science import Knowledge, Papers, ScienceDecisions, Scientists
from wildsim.state.tiles import Tiles, starts_of

TABLES: tuple[type[Table], ...] = (
    People,
    Households,
    Firms,
    Banks,
    Government,
    CentralBank,
    Abroad,
    Regions,
    Laws,
    Macro,
    MemberDecisions,
    ManagerDecisions,
    OfficerDecisions,
    CabinetDecisions,
    CentralBankerDecisions,
    Adopters,
    Pairings,
    AdoptionDecisions,
    Lives,
    Vital,
    Settlements,
    Homes,
    Tenures,
    HomeMarkets,
    HomeDecisions,
    Scientists,
    ScienceDecisions,
    Papers,
    Knowledge,
    Emitters,
    Atmosphere,
    EnergyDecisions,
    Pupils,
    StudyDecisions,
    Titles,
    Tastes,
    Platform,
    PlatformDecisions,
    Acquaintances,
    Addresses,
    Quarters,
    Offending,
    CrimeDecisions,
    Policing,
)

#: Tables that hold the decisions of a role; a sector may add one to a role that is there already.
DECISIONS: tuple[type[Table], ...] = tuple(table for table in TABLES if table.role)
#: Role -> (its decisions, the table whose rows decide), those of social sectors apart.
ROLES: dict[str, tuple[str, str]] = {t.role: (t.name, t.alongside) for t in DECISIONS if not t.sector}


class World:
    """All state of one society. Steps see views of it; only moving steps get the world itself (see state.step).

    Attributes:
        tables: Every table by name. ledger: The books. tiles: Regions as blocks of rows. keys: Randomness.
        clock: The month. law: Numbers in force. history: The last 60 months.
        sectors: Social sectors that are on.
    """

    def __init__(
        self,
        rows: Mapping[str, int],
        law: Law,
        keys: Keys,
        clock: Clock,
        threads: int = 1,
        sectors: Iterable[str] = (),
    ):
        """Allocate the tables of the economy and of `sectors` with `rows` rows each (1 where nothing is said)."""
        self.sectors = frozenset(sectors)
        kinds = [t for t in TABLES if self.has(t.sector)]
        self.tables: dict[str, Table] = {t.name: t(rows.get(t.alongside or t.name, 1)) for t in kinds}
        self.tiles = Tiles(len(self.tables["regions"]), threads)
        self.ledger = Ledger(self.tables, self.tiles)
        self.law, self.keys, self.clock, self.history = law, keys, clock, History()
        #: Households' transfers of the month by account, filled by policies: [(account, payer, USD a household)].
        self.transfers: list[tuple[str, str, F64]] = []
        #: Policies of the scenario in its order; each has `enact(world, number)`.
        self.policies: Sequence[Any] = ()
        #: Keys of whoever measures: those of the world, unless the same world is to be measured anew.
        self.measuring = keys
        #: What measures which indicator (wildsim.sensors), where it is not measured without error.
        self.sensors: Mapping[str, Any] = {}
        #: What they saw of the month, by name in the history, which takes it over at the end of the month.
        self.observed: dict[str, float] = {}
        #: What policies and sensors remember between months (whom they chose), by name; part of the saved state.
        self.memory: dict[str, NDArray[Any]] = {}
        #: Keeps the decisions of the month where a scenario asks for it (wildsim.behaviour.log.DecisionLog).
        self.log: Any = None
        #: Asks minds other than the rules once a month (wildsim.deliberation.council.Council); one of `minds`.
        self.council: Any = None
        #: Minds that overwrite the rules: called with (world, role, column, what the rule decided).
        self.minds: list[Callable[[World, str, str, NDArray[Any]], NDArray[Any] | None]] = []

    def has(self, sector: str) -> bool:
        """Return whether a social sector is on; "" stands for the economy, which always is."""
        return not sector or sector in self.sectors

    def deciding(self) -> list[tuple[str, str, str]]:
        """Return (role, table of decisions, table whose rows decide) of every table of decisions that is there."""
        return [(t.role, t.name, t.alongside) for t in DECISIONS if t.name in self.tables]

    def aligned(self, table: str) -> list[str]:
        """Return `table` and the tables whose rows are the same things in the same order."""
        return [table, *(name for name, other in self.tables.items() if other.alongside == table)]

    def view(self, writes: Mapping[str, Iterable[str]] | None = None) -> WorldView:
        """Return a fresh view in which only the columns in `writes` ({table: columns}) can be written."""
        return WorldView(self, writes or {})

    def check_new_ids(self, fresh: Iterable[np.uint64]) -> None:
        """Raise if ids about to be given to new rows are those of a row of any table, or occur twice.

        Raises:
            RunError: Two rows would carry one id.
        """
        born = list(fresh)
        if born:
            taken = [hashed(table.view().id) for table in self.tables.values() if "id" in table.columns]
            check_unique(np.concatenate(taken), born)

    def place_tiles(self) -> None:
        """Find out where each region's rows start; call after rows have moved."""
        households = self.tables["households"]
        count = self.tiles.count
        home = starts_of(households.base("region"), count)
        first = np.append(households.base("first_member"), len(self.tables["people"])).astype(np.int64)
        self.tiles.place(first[home], home, starts_of(self.tables["firms"].base("region"), count))

    def state(self) -> dict[str, Any]:
        """Return everything that must be saved, as arrays by dotted name."""
        saved: dict[str, Any] = {"clock": np.array([self.clock.month])}
        for name, table in self.tables.items():
            saved.update({f"table.{name}.{column}": values for column, values in table.state().items()})
        saved.update({f"history.{name}": series for name, series in self.history.state().items()})
        saved.update({f"memory.{name}": values.copy() for name, values in self.memory.items()})
        saved.update({f"booked.{name}": np.array([value]) for name, value in self.ledger.state().items()})
        return saved

    def load(self, saved: Mapping[str, Any]) -> None:
        """Take over what `state` returned, in this or another process."""
        self.clock.month = int(saved["clock"][0])
        groups: dict[str, dict[str, Any]] = {}
        for name, values in saved.items():
            kind, _, rest = name.partition(".")
            groups.setdefault(kind, {})[rest] = values
        for name, table in self.tables.items():
            prefix = name + "."
            columns = {n[len(prefix) :]: v for n, v in groups["table"].items() if n.startswith(prefix)}
            table.load(columns)
        self.memory = {name: np.array(values) for name, values in groups.get("memory", {}).items()}
        self.history.load(groups.get("history", {}))
        self.ledger.load({name: values[0] for name, values in groups["booked"].items()})
        self.place_tiles()


class WorldView:
    """What a sector or a rule sees: tables as attributes, write-protected but for what it declared."""

    def __init__(self, world: World, writes: Mapping[str, Iterable[str]]):
        """Show `world`; tables become views when first asked for."""
        self._world, self._writes = world, writes
        self.ledger, self.tiles, self.keys, self.law = world.ledger, world.tiles, world.keys, world.law
        self.history, self.month, self.transfers = world.history, world.clock.month, world.transfers
        self.has, self.sensors, self.observed = world.has, world.sensors, world.observed
        self.measuring = world.measuring
        self.memory = world.memory

    def __getattr__(self, name: str) -> Any:
        """Return the table called `name` as this sector may see it."""
        table = self._world.tables.get(name)
        if table is None:
            raise AttributeError(f"a world has no table '{name}'")
        view = table.view(self._writes.get(name, ()))
        self.__dict__[name] = view
        return view

    def key(self, stream: str, table: str) -> np.uint64:
        """Return this month's key of a stream of draws by the rows of `table`."""
        return self.keys.stream(stream, table, self.month)

    def uniform(self, stream: str, table: str, draws: int = 1) -> F64:
        """Return keyed uniform draws in (0, 1), shape (draws, rows of the table)."""
        return self.uniform_of(stream, table, slice(None), draws)

    def uniform_at(self, stream: str, table: str, month: int) -> F64:
        """Return one keyed uniform draw a row that belongs to `month` whenever it is asked for, shape (rows)."""
        ids = getattr(self, table).id
        out = np.empty((len(ids), 1))
        fill_uniform(self.keys.stream(stream, table, month), month, ids, out)
        return out[:, 0]

    def uniform_of(self, stream: str, table: str, rows: slice | I64, draws: int = 1) -> F64:
        """Return keyed uniform draws for some rows of a table, shape (draws, rows chosen)."""
        ids = getattr(self, table).id[rows]
        ids.flags.writeable = False
        out = np.empty((len(ids), draws))
        fill_uniform(self.key(stream, table), self.month, ids, out)
        return np.ascontiguousarray(out.T)
