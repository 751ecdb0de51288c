"""A society: a world that lives month after month, as a mesa.Model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pandas as pd

from wildsim.agents import FACES, Face
from wildsim.behaviour.controls import CONTROLS
from wildsim.behaviour.log import DecisionLog
from wildsim.core.clock import Clock
from wildsim.core.errors import BooksError, InputError
from wildsim.core.keys import Keys, find, label
from wildsim.core.parameters import resolve
from wildsim.core.table import F64, NO_ROW, TableView
from wildsim.feedback.reward import Rewarded
from wildsim.indicators import INDICATORS, collect_all, measure_all
from wildsim.month import MONTH
from wildsim.scenario.schema import Scenario
from wildsim.sensors.reading import Reading
from wildsim.sensors.world_sensor import Sensors, kept_in_money
from wildsim.state.accounts import ACCOUNTS, SECTORS
from wildsim.state.firms import PUBLIC
from wildsim.state.identities import balance_sheet, close_month, net_worths
from wildsim.state.law import Law
from wildsim.state.public import Macro
from wildsim.state.redenominate import is_money, redenominate
from wildsim.state.start.world import new_world
from wildsim.state.world import World

if TYPE_CHECKING:
    from wildsim.deliberation.council import Council
    from wildsim.minds.human import Ask
    from wildsim.minds.language.chain import Language

#: Below this number of firms every manager has a face from the start.
MOST_MANAGERS = 2_000


class Society(mesa.Model):  # type: ignore[misc]
    """One society of a scenario, on one seed.

    Attributes:
        scenario: What it was made from. world: All its state. indicators: Of the month just lived, by name.
        largest_error: Largest relative error of an identity so far.
        datacollector: mesa.DataCollector with every indicator, filled in recorded months.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int | None = None,
        threads: int = 1,
        rekey: int = 0,
        rekey_from: int = 0,
        language: Language | None = None,
        ask: Ask | None = None,
        council: Council | None = None,
    ):
        """Make the society at the start of its burn-in.

        Args:
            seed: World seed; the scenario's where left out. threads: Threads that work on regions; results do not
                depend on it. rekey, rekey_from: Change all draws from that month on (placebo runs).
            language: What language models are asked through; one without tape and cache where left out.
            ask: Puts the questions of a human seat to somebody. council: Decides in place of the scenario's minds.

        Raises:
            InputError: The scenario's numbers make no economy to start from, or its minds cannot be seated.
        """
        self.seed = scenario.seed if seed is None else seed
        super().__init__(rng=self.seed)
        self.scenario = scenario
        values = resolve(scenario.society.country, scenario.parameters)
        shocks = [name for name, on in scenario.shocks.model_dump().items() if on]
        keys, clock = Keys(self.seed, rekey, rekey_from), Clock(-scenario.burn_in)
        size = scenario.society
        law = Law(values, shocks)
        self.world: World = new_world(size.people, size.regions, law, keys, clock, threads, scenario.sectors_on)
        _check_start(self.world)
        self.world.policies = scenario.policies
        self.world.sensors = {name: entry.sensor(name) for name, entry in scenario.sensors.items()}
        if scenario.behaviour in CONTROLS:
            self.world.minds.append(CONTROLS[scenario.behaviour])
        self._language: Language | None = None
        if council is not None or scenario.minds:
            self._seat(council or self._council(scenario, language, ask))
        self.indicators: dict[str, float] = {}
        luck = self.world.view().uniform_at("panel", "people", -1)
        sample = np.argsort(luck, kind="stable")[: scenario.record.panel]
        #: Ids of the people sampled for the panel; drawn at the start, so that newcomers never join it.
        self._panel = self.world.tables["people"].base("id")[sample]
        if scenario.record.decisions != "minds" or scenario.minds:
            self.world.log = DecisionLog(scenario.record.decisions, self._panel)
        self.largest_error = 0.0
        self.datacollector = mesa.DataCollector(model_reporters={n: _reporter(n) for n in INDICATORS})
        self._greet()

    def _seat(self, council: Council) -> None:
        """Let a council decide for the agents that it has seats for."""
        self.world.council = council
        self.world.minds.append(council)

    def _council(self, scenario: Scenario, language: Language | None, ask: Ask | None) -> Council:
        """Return the council of the scenario's minds; a chain that nobody gave is made, and closed with the society."""
        from wildsim.deliberation.minds import council_of, settings_of
        from wildsim.minds.language.chain import Language

        if language is None:
            language = self._language = Language(settings_of(scenario.llm))
        return council_of(scenario.minds, language, ask)

    # -- living --------------------------------------------------------------------------------------------------

    @property
    def month(self) -> int:
        """The next month to be lived; 0 is the first recorded one."""
        return self.world.clock.month

    def step(self) -> None:
        """Live one month.

        Raises:
            BooksError: The books do not close; names month, account and amount.
        """
        world = self.world
        month = world.clock.month
        self._reseed(month)
        world.ledger.clear(month)
        opening = net_worths(world.ledger)
        for step in MONTH:
            step(world)
        self.largest_error = max(self.largest_error, close_month(world.ledger, month, opening))
        view = world.view()
        _check_finite(view.macro, month)
        self.indicators = measure_all(view)
        if world.council is not None:
            world.council.end(world)
        world.history.add({"cpi": float(view.macro.price_level[0]), **self.indicators, **world.observed})
        world.observed.clear()
        if month == -1:
            self._restate_in_dollars_of_the_start()
        world.clock.tick()
        self._sync_faces()
        if month >= 0:
            self.datacollector.collect(self)

    def _restate_in_dollars_of_the_start(self) -> None:
        """Undo the inflation of burn-in: consumer prices at month 0 are those of the country's data."""
        view = self.world.view()
        macro = view.macro
        factor = float(macro.start_price[0]) / float(macro.price_level[0])
        nominal = ["cpi", *(name for name, item in INDICATORS.items() if is_money(item.unit)), *kept_in_money(view)]
        redenominate(self.world, factor, nominal)

    def burn_in(self) -> None:
        """Live all months before month 0."""
        self.run_for(max(0, -self.month))

    def run_for(self, duration: int) -> None:
        """Live `duration` months."""
        for _ in range(int(duration)):
            self.step()

    def _reseed(self, month: int) -> None:
        """Key Mesa's own generators by the month, so that user code that draws from them can be repeated."""
        word = int(self.world.keys.stream("mesa", "society", month)) ^ (month & 0xFFFFFFFF)
        self.random.seed(word)
        self.rng = np.random.Generator(np.random.Philox(word))

    # -- looking -------------------------------------------------------------------------------------------------

    def _view(self, table: str) -> TableView:
        view: TableView = self.world.tables[table].view()
        return view

    @property
    def people(self) -> Any:
        """The people, read-only: `society.people.wage` is an array with one entry a person."""
        return self._view("people")

    @property
    def households(self) -> Any:
        """The households, read-only."""
        return self._view("households")

    @property
    def firms(self) -> Any:
        """Firms and public agencies, read-only."""
        return self._view("firms")

    @property
    def banks(self) -> Any:
        """The banks, read-only."""
        return self._view("banks")

    @property
    def macro(self) -> Any:
        """Economy-wide numbers, read-only, arrays of length 1."""
        return self._view("macro")

    def flows(self) -> list[tuple[str, str, str, float]]:
        """Return the flow matrix of the month just lived: (account, payer, payee, USD).

        Goods that enter or leave a balance sheet have the payer "goods" or the payee "goods".
        """
        rows = []
        for name in ACCOUNTS:
            received, paid = self.world.ledger.received[name], self.world.ledger.paid[name]
            total = max(float(received.sum()), float(paid.sum()))
            for i in np.flatnonzero(paid) if paid.any() else [None]:
                for j in np.flatnonzero(received) if received.any() else [None]:
                    share = (1.0 if i is None else paid[i] / paid.sum()) * (
                        1.0 if j is None else received[j] / received.sum()
                    )
                    if total > 0.0:
                        rows.append(
                            (
                                name,
                                "goods" if i is None else SECTORS[i],
                                "goods" if j is None else SECTORS[j],
                                float(total * share),
                            )
                        )
        return rows

    def balance_sheet(self) -> dict[str, dict[str, float]]:
        """Return sectors x instruments at the end of the month just lived, USD: claims positive, debts negative."""
        return balance_sheet(self.world.ledger)

    def distributions(self) -> dict[str, F64]:
        """Return samples for pictures by name; see wildsim.indicators.SAMPLES."""
        return collect_all(self.world.view())

    def sensed(self) -> list[Reading]:
        """Return what the scenario's sensors publish now that the last month is over."""
        return Sensors(self.world).published()

    def rewarded(self) -> list[Rewarded]:
        """Return the reward of the newest month of which every part is known now; none where nothing is rewarded."""
        return self.scenario.reward.reward().newest(Sensors(self.world).as_of, self.month)

    def decisions(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the recorded decisions of the month just lived, one row a decision and field, as columns.

        They are agent, role, field, rule, proposed, guarded, executed, source, reason, call_ids. Recorded are agents
        with a mind of their own, and whom the scenario's `record.decisions` names.
        """
        kept: dict[str, np.ndarray[Any, Any]] = self.world.log.finish(self.world) if self.world.log is not None else {}
        return kept

    def minds_report(self) -> dict[str, Any]:
        """Return what minds decided since month 0, counted by role and source; empty where rules decide everything."""
        report: dict[str, Any] = self.world.council.tally.report() if self.world.council is not None else {}
        return report

    def panel(self) -> pd.DataFrame:
        """Return the sampled people as they are now, one row a person; the sample never changes."""
        view = self.world.view()
        people, households = view.people, view.households
        rows = np.flatnonzero(np.isin(people.id, self._panel))
        home = people.household[rows]
        named = [label("person", int(i)) for i in people.id[rows]]
        plain = ("age", "female", "schooling", "skill", "wage", "months_out", "participates")
        frame = {"person": named, **{n: getattr(people, n)[rows] for n in plain}}
        frame["employed"] = people.employer[rows] != NO_ROW
        frame["region"] = households.region[home]
        frame["household_income"] = households.income[home]
        frame["household_deposits"] = households.deposits[home]
        frame["household_debt"] = households.loans[home]
        return pd.DataFrame(frame)

    # -- faces ---------------------------------------------------------------------------------------------------

    def face(self, name: str) -> Face:
        """Return the Mesa agent of `person-17`, `firm-3`, `bank-0`, making one if there is none yet.

        Raises:
            InputError: Nothing has that name.
        """
        kind = name.rpartition("-")[0]
        for table, kind_of_face in FACES.items():
            what = self.world.tables[table]
            if what.row_name == kind:
                row = find(what.base("id"), what.code, name)
                if row == NO_ROW:
                    break
                wanted = int(what.base("id")[row])
                known = self.agents_by_type.get(kind_of_face, ())
                return next((f for f in known if f.unique_id == wanted), None) or kind_of_face(self, row)
        raise InputError(f"nobody is called '{name}'. Try person-0, firm-0, bank-0, household-0.")

    def _greet(self) -> None:
        """Give faces to officials, and in small societies to managers and to the panel."""
        for table in ("government", "central_bank", "banks"):
            for row in range(len(self.world.tables[table])):
                FACES[table](self, row)
        if len(self.world.tables["firms"]) <= MOST_MANAGERS:
            for row in range(len(self.world.tables["firms"])):
                FACES["firms"](self, row)
        for name in self.panel()["person"]:
            self.face(str(name))

    def _sync_faces(self) -> None:
        """Drop faces of what has ended; give faces to new firms where managers have them."""
        if "demography" in self.world.sectors:
            for kind in ("people", "households"):
                for face in list(self.agents_by_type.get(FACES[kind], ())):
                    if face.row == NO_ROW:
                        face.remove()
        managers = self.agents_by_type.get(FACES["firms"])
        if managers is None:
            return
        ids = self.world.tables["firms"].base("id")
        here = {int(i): row for row, i in enumerate(ids)}
        known = {face.unique_id for face in managers}
        if known == here.keys():
            return
        for face in list(managers):
            if face.unique_id not in here:
                face.remove()
        for number, row in here.items():
            if number not in known:
                FACES["firms"](self, row)

    # -- saving --------------------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Return all state as arrays by name; `restore` takes it over in this or another process."""
        saved = self.world.state()
        saved["society.largest_error"] = np.array([self.largest_error])
        if self.world.council is not None:
            saved |= {f"council.{name}": values for name, values in self.world.council.state().items()}
        return saved

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over a snapshot of a society of the same size.

        Raises:
            RunError: The snapshot does not fit this version.
        """
        self.world.load(saved)
        found = {n.removeprefix("council."): v for n, v in saved.items() if n.startswith("council.")}
        if self.world.council is not None and found:  # a burn-in shared with an arm without minds has none
            self.world.council.load(found)
        self.largest_error = float(saved["society.largest_error"][0])
        self._sync_faces()

    def close(self) -> None:
        """Release threads, and what Mesa holds of this model; without it a sweep would leak every society."""
        self.world.tiles.close()
        if self._language is not None:
            self._language.close()
        for agent in list(self.agents):
            agent.remove()
        mesa.Agent._ids.pop(self, None)


def _reporter(name: str) -> Any:
    def report(society: Society) -> float:
        return society.indicators.get(name, float("nan"))

    return report


def _check_finite(macro: Any, month: int) -> None:
    """Raise if a number that everybody knows is not a number: it would spread without breaking an identity.

    Raises:
        BooksError: Names the number.
    """
    for name in Macro.columns:
        value = float(getattr(macro, name)[0])
        if not math.isfinite(value):
            raise BooksError(month, f"macro.{name}", value, "It is not a finite number.")


def _check_start(world: World) -> None:
    """Raise if the scenario's numbers make no economy to start from.

    Raises:
        InputError: Nobody works for a private firm, or an amount is not a number.
    """
    firms = world.tables["firms"]
    private = firms.base("kind") != PUBLIC
    if not (firms.base("staff")[private] > 0).any():
        raise InputError("nobody works at the start; lower parameters.population.work_cost_median or raise people.")
    for table in world.tables.values():
        for column in table.columns.values():
            if column.kind == "money" and not np.isfinite(table.base(column.name)).all():
                raise InputError(
                    f"the parameters give no finite {table.name}.{column.name} at the start; look at those you changed."
                )
