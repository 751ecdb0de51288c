"""The culture platform: who is shown what, who buys, where the money goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import frozen, live, same, small_world
from wildsim.behaviour.controls import random_mind, shuffled_mind
from wildsim.core.keys import start_ids
from wildsim.indicators import INDICATORS
from wildsim.kernels.culture import visit_platform
from wildsim.sectors.culture import genre_centres
from wildsim.sectors.ranking import on_offer, slates
from wildsim.state.culture import DIVERSE, PERSONAL, POPULAR, RANDOM
from wildsim.state.firms import OTHER_GOODS
from wildsim.state.reorganise import reorganise
from wildsim.state.world import World

#: The steps that the sector adds to the month.
OWN = ("behaviour.platform.decide", "sectors.culture.release", "sectors.culture.welcome", "sectors.culture.sell")


def world(people: int = 600, seed: int = 1, **parameters: float) -> World:
    """Return a society with a culture platform; parameters are those of the sector."""
    given = {f"culture.{name}": value for name, value in parameters.items()}
    return small_world(people, 2, seed, sectors=["culture"], parameters=given)


def table(made: World, name: str) -> Any:
    return made.tables[name].view()


def measured(made: World, name: str) -> float:
    return float(INDICATORS[name].measure(made.view()))


# -- choice -------------------------------------------------------------------------------------------------------


class Market:
    """People alike in one household each, with one slate and a purse; what they chose."""

    def __init__(self, rate: Any, people: int = 40_000, slate: Any = None, **rule: Any):
        count = len(rate)
        rule = {"match": 0.0, "drift": 0.0, "price": 1.0, "deposits": 1e6, "month": 0} | rule
        self.attributes = np.eye(8, dtype=np.float32)[np.arange(count) % 8]
        self.tastes = np.tile(np.eye(8, dtype=np.float32)[0], (people, 1))
        self.recent = np.full((people, 3), -1, dtype=np.int16)
        if "recent" in rule:
            self.recent[:, 0] = rule["recent"]
        shown = np.full((2, 1, 20), -1, dtype=np.int16)
        shown[:, 0, : len(slate or rate)] = np.arange(count) if slate is None else slate
        self.audience, self.sales = np.zeros((1, 2, 1), dtype=np.int64), np.zeros((1, count), dtype=np.int64)
        self.paid, self.genre = np.zeros(people), np.zeros(people, dtype=np.int16)
        visit_platform(
            0,
            1,
            frozen([0, people], np.int64),
            frozen(np.arange(people), np.int32),
            frozen(np.ones(people), np.int8),
            frozen(np.full(people, rule["deposits"]), np.float64),
            np.zeros(people),
            frozen(start_ids(1, people), np.uint64),
            frozen(np.full(people, 40.0), np.float32),
            frozen(np.zeros(people), np.int8),
            frozen(np.full(people, 1e3), np.float64),
            frozen(start_ids(71, count), np.uint64),
            frozen(self.attributes, np.float32),
            frozen(np.full(count, rule["price"]), np.float64),
            np.array(rate, dtype=np.float64),
            np.arange(count, dtype=np.int16),
            frozen(np.zeros(count), np.int16),
            np.eye(8, dtype=np.float32)[:1],
            shown,
            0.0,
            1.0,
            15.0,
            0.15,
            float(rule["match"]),
            1.0,
            1e3,
            float(rule["drift"]),
            np.uint64(3),
            np.uint64(4),
            int(rule["month"]),
            self.tastes,
            self.genre,
            self.recent,
            self.audience,
            self.sales,
            self.paid,
        )
        self.chosen = self.recent[:, 0]


@pytest.mark.parametrize("rate", [[1.0, 1.0, 1.0], [0.2, 3.0, 0.7, 0.05], [5.0], [1e-9, 1e9]])
@pytest.mark.parametrize("match", [0.0, 1.5])
def test_shares_are_those_of_the_multinomial_logit(rate: list[float], match: float) -> None:
    """Within 4 standard errors of exp(V) / (1 + sum of exp(V)); only title 0 is to everybody's taste."""
    market = Market(rate, match=match)
    weight = np.array(rate) * np.exp(match * (np.arange(len(rate)) == 0))
    share = weight / (1.0 + weight.sum())
    error = np.sqrt(share * (1.0 - share) / market.audience.sum())
    assert (abs(market.sales[0] / market.audience.sum() - share) <= 4.0 * error + 1e-12).all()


def test_a_title_more_changes_choices_only_by_winning() -> None:
    few, more = Market([1.0, 2.0, 4.0], slate=[0, 1]), Market([1.0, 2.0, 4.0], slate=[0, 1, 2])
    moved = few.chosen != more.chosen
    assert moved.any()
    assert (more.chosen[moved] == 2).all()


def test_the_order_of_a_slate_does_not_matter() -> None:
    one, other = Market([1.0, 2.0, 4.0], slate=[0, 1, 2]), Market([1.0, 2.0, 4.0], slate=[2, 0, 1])
    assert (one.chosen == other.chosen).all()


def test_nobody_buys_what_he_remembers_or_cannot_pay() -> None:
    assert Market([9.0, 9.0], recent=1).sales[0, 1] == 0
    assert Market([9.0, 9.0], price=151.0).sales.sum() == 0, "more than .15 of the 1000 USD a month"
    assert Market([9.0, 9.0], deposits=0.0).sales.sum() == 0
    assert Market([9.0, 9.0], price=149.0).sales.sum() > 0


def test_drift_goes_a_step_towards_what_was_bought() -> None:
    still, moved = Market([1.0, 1.0], drift=0.0), Market([1.0, 1.0], drift=0.25)
    assert (still.tastes == np.eye(8, dtype=np.float32)[0]).all()
    bought = moved.chosen == 1
    assert np.allclose(moved.tastes[bought, :2], [0.75, 0.25])
    assert (moved.tastes[~bought] == np.eye(8, dtype=np.float32)[0]).all()


# -- the recommender ----------------------------------------------------------------------------------------------


def _slate(made: World, rule: int, size: int = 10) -> NDArray[np.int16]:
    view = made.view({"platform_decisions": ("rule", "slate", "trial_share")})
    view.platform_decisions.rule[:], view.platform_decisions.slate[:] = rule, size
    found: NDArray[np.int16] = slates(view, genre_centres(view))[0]
    return found


@pytest.fixture(scope="module")
def grown() -> World:
    made = world(1000)
    live(made, 12)
    return made


def _mean_distance(made: World, shown: NDArray[np.int16]) -> float:
    a = table(made, "titles").attributes.astype(np.float64)[shown]
    alike = np.einsum("gkd,gld->gkl", a, a)
    size = shown.shape[1]
    return float(1.0 - (alike.sum(axis=(1, 2)) - size).mean() / (size * (size - 1)))


def test_rules_rank_as_they_say(grown: World) -> None:
    following = np.where(on_offer(grown.view()), table(grown, "titles").following, -1.0)
    shown = {rule: _slate(grown, rule)[:, :10] for rule in (POPULAR, PERSONAL, DIVERSE, RANDOM)}
    top = np.argsort(-following, kind="stable")[:8]
    assert all(set(top.tolist()) <= set(row.tolist()) for row in shown[POPULAR]), "two of ten places are for new titles"
    centres = genre_centres(grown.view())
    near = {rule: np.einsum("gd,gkd->gk", centres, table(grown, "titles").attributes[s]) for rule, s in shown.items()}
    assert near[PERSONAL].mean() > near[POPULAR].mean() + 0.2
    offered = table(grown, "titles").attributes[on_offer(grown.view())]
    at_large = float((centres @ offered.T).mean())
    assert near[RANDOM].mean() == pytest.approx(at_large, abs=0.05)
    assert _mean_distance(grown, shown[DIVERSE]) > _mean_distance(grown, shown[PERSONAL]) + 0.05
    assert len(np.unique(shown[RANDOM])) > len(np.unique(shown[PERSONAL])) > len(np.unique(shown[POPULAR]))
    for slate in shown.values():
        assert all(len(np.unique(row)) == 10 for row in slate), "nothing is shown twice"


@pytest.mark.parametrize("rule", [POPULAR, PERSONAL, DIVERSE, RANDOM])
@pytest.mark.parametrize("size", [1, 2, 20])
def test_slates_have_the_length_asked_for(grown: World, rule: int, size: int) -> None:
    shown = _slate(grown, rule, size)
    assert (shown[:, :size] >= 0).all()
    assert (shown[:, size:] == -1).all()


def test_new_titles_have_their_places(grown: World) -> None:
    """Under the popular rule too, and drawn for each genre apart."""
    age, shown = table(grown, "titles").age, _slate(grown, POPULAR)[:, :10]
    new = age[shown] < 3
    assert (new.sum(axis=1) >= 2).all()
    assert len({tuple(sorted(row.tolist())) for row in shown}) > 1


def test_a_larger_trial_holds_a_smaller_one() -> None:
    """People are drawn into it once and for all; their number follows the size of the policy."""
    shares = []
    for size in (0.0, 0.3, 0.6, 1.0):
        made = world(600, trial_rule=3, trial_share=size, drift=0)
        live(made, 1)
        shares.append((table(made, "tastes").recent[:, 0], table(made, "platform").audience[0]))
    plain, some, most, everybody = (recent for recent, _ in shares)
    assert len({audience for _, audience in shares}) == 1, "a trial decides what people see, not whether they look"
    other = plain != everybody
    assert 0 < (some != plain).sum() < (most != plain).sum() < other.sum()
    assert ((some != plain) <= (most != plain)).all()
    assert ((most != plain) <= other).all()


# -- money --------------------------------------------------------------------------------------------------------


def test_what_is_sold_is_in_the_books() -> None:
    """The account holds the sum of all takings, households' outlay and makers' revenue; the three GDPs agree."""
    made = world()
    seen: list[tuple[float, float, float]] = []

    def look(world: World, name: str) -> None:
        if name == "sectors.culture.sell":
            prepaid = float(table(world, "households").prepaid.sum())
            seen.append((prepaid, float(table(world, "firms").taxed_sales.sum()), measured(world, "gmv")))

    for _ in range(6):
        assert live(made, 1, look) <= 1e-9
        booked = made.ledger.received["culture"].sum()
        assert booked > 0.0
        assert seen[-1] == pytest.approx((booked, booked, booked), rel=1e-12)
        assert measured(made, "box_office") <= measured(made, "gmv")
        titles = table(made, "titles")
        assert titles.takings.sum() == pytest.approx(float((titles.sales * titles.price).sum()), rel=1e-12)


def test_life_time_takings_add_up() -> None:
    made = world()
    total: dict[int, float] = {}
    for _ in range(8):
        live(made)
        titles = table(made, "titles")
        for number, takings in zip(titles.id.tolist(), titles.takings.tolist(), strict=True):
            total[number] = total.get(number, 0.0) + takings
    for number, sum_ in zip(titles.id.tolist(), titles.box_office.tolist(), strict=True):
        assert sum_ == pytest.approx(total[number], rel=1e-12, abs=1e-9)


def test_titles_replace_goods_within_the_budget() -> None:
    """What people spend in all is what they would have spent without the platform, in its first month."""
    plain, made = small_world(600, 2), world()
    for each in (plain, made):
        live(each, 1)
    spent = [float(table(each, "households").spending.sum()) for each in (plain, made)]
    assert measured(made, "gmv") > 0.0
    assert spent[1] == pytest.approx(spent[0], rel=2e-3)
    assert (table(made, "households").deposits >= -1e-6).all()


# -- where little is there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [POPULAR, PERSONAL, DIVERSE, RANDOM])
def test_no_maker_no_titles(rule: int) -> None:
    made = world(300, rule=rule)

    def close(world: World, name: str) -> None:
        kind = world.tables["firms"].base("kind")
        kind[kind == OTHER_GOODS] = 0

    close(made, "")
    assert live(made, 3, close) <= 1e-9
    assert (table(made, "titles").life == 0).all()
    assert measured(made, "gmv") == 0.0
    for name in ("exposure_entropy", "cocoon_index", "box_office_gini"):
        assert np.isnan(measured(made, name))


@pytest.mark.parametrize("rule", [POPULAR, PERSONAL, DIVERSE, RANDOM])
def test_fewer_titles_than_places_on_a_slate(rule: int) -> None:
    made = world(300, rule=rule, catalogue=6, slate=20)
    assert live(made, 6) <= 1e-9
    assert measured(made, "gmv") > 0.0
    assert measured(made, "exposure_entropy") == pytest.approx(1.0), "everything is always shown"
    assert measured(made, "cocoon_index") == pytest.approx(0.0, abs=1e-9)


def test_nobody_looks() -> None:
    made = world(300, active=0)
    assert live(made, 3) <= 1e-9
    assert measured(made, "gmv") == 0.0
    assert np.isnan(measured(made, "cocoon_index"))


@pytest.mark.parametrize("mind", [random_mind, shuffled_mind])
def test_any_legal_decision_closes_the_books(mind: Any) -> None:
    """Ranking rule, slate and trial drawn anew every month, beside everybody else's decisions."""
    made = world(300)
    made.minds = [mind]
    assert live(made, 6) <= 1e-9


def test_children_and_prisoners_do_not_buy() -> None:
    made = world(600)
    made.tables["people"].base("age")[::2] = 14.0
    made.tables["people"].base("away")[1::4] = 2
    live(made, 1)
    bought = table(made, "tastes").recent[:, 0] >= 0
    assert bought.any()
    assert not bought[::2].any()
    assert not bought[1::4].any()


# -- titles come and go -------------------------------------------------------------------------------------------


def test_titles_live_as_long_as_they_should() -> None:
    made = world(300)
    born: dict[int, int] = {}
    lives = []
    for month in range(30):
        before = set(table(made, "titles").id.tolist())
        live(made)
        now = table(made, "titles")
        assert (now.age < now.life).all()
        assert ((now.life >= 12) & (now.life <= 24)).all()
        for number in before - set(now.id.tolist()):
            if born.get(number, 0) > 0:
                lives.append(month - born[number])
        for number in now.id.tolist():
            born.setdefault(number, month)
    assert lives
    assert max(lives) <= 24


def test_titles_of_a_firm_that_closes_are_withdrawn() -> None:
    made = world(600)
    live(made, 2)
    titles = table(made, "titles")
    maker = int(titles.firm[0])
    theirs = set(titles.id[titles.firm == maker].tolist())

    def close(world: World, name: str) -> None:
        if name == "sectors.turnover.turn_over":
            world.tables["titles"].base("firm")[titles.firm == maker] = -1

    live(made, 1, close)
    live(made, 1)
    left = table(made, "titles")
    assert not theirs & set(left.id.tolist())
    assert (left.firm >= 0).all(), "their places go to others"


# -- luck ---------------------------------------------------------------------------------------------------------


def _without(made: World, person: int) -> None:
    """Take one person out of a household of two."""
    gone = np.arange(len(made.tables["people"])) == person
    made.tables["households"].base("members")[table(made, "people").household[person]] -= 1
    reorganise(made, "people", gone, np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int32))


def test_one_person_fewer_leaves_everybody_elses_tastes_and_luck() -> None:
    plain, other = world(), world()
    person = int(np.flatnonzero(table(plain, "households").members[table(plain, "people").household] == 2)[40])
    home = int(table(plain, "people").household[person])
    _without(other, person)
    live(plain, 1)
    live(other, 1)
    kept = np.arange(600) != person
    assert np.array_equal(table(plain, "titles").id, table(other, "titles").id)
    assert np.array_equal(table(plain, "tastes").taste[kept], table(other, "tastes").taste)
    strangers = (table(plain, "people").household != home)[kept]
    bought = table(plain, "tastes").recent[kept]
    assert (bought[:, 0] >= 0).any()
    assert np.array_equal(bought[strangers], table(other, "tastes").recent[strangers])


def test_one_firm_fewer_changes_only_places_that_it_would_have_had() -> None:
    plain, other = world(), world()
    live(plain, 1)
    maker = int(np.bincount(table(plain, "titles").firm).argmax())
    other.tables["firms"].base("kind")[maker] = 0
    live(other, 1)
    theirs = table(plain, "titles").firm == maker
    assert theirs.any()
    assert np.array_equal(table(plain, "titles").id != table(other, "titles").id, theirs)


def test_zero_drift_leaves_preferences_bit_identical() -> None:
    for drift, still in ((0.0, True), (0.02, False)):
        made = world(drift=drift)
        live(made, 1)
        before = table(made, "tastes").taste.tobytes() if still else table(world(drift=drift), "tastes").taste.tobytes()
        live(made, 24)
        assert (table(made, "tastes").taste.tobytes() == before) == still


def test_drift_narrows_people_around_what_they_are_shown() -> None:
    """Tastes stay within the unit ball, and come nearer to the titles that were bought."""
    made = world(drift=0.1)
    live(made, 24)
    length = np.sqrt((table(made, "tastes").taste.astype(np.float64) ** 2).sum(axis=1))
    assert length.max() <= 1.0 + 1e-6
    assert 0.5 < length.mean() < 0.999


def test_a_platform_that_nobody_visits_changes_nothing_else() -> None:
    plain, made = small_world(600, 2), world(active=0)
    for each in (plain, made):
        live(each, 12)
    own = ("table.titles.", "table.tastes.", "table.platform")
    mine = {name: values for name, values in made.state().items() if not name.startswith(own)}
    assert same(plain.state(), mine) == []


def test_saved_in_the_middle_it_goes_on_the_same() -> None:
    whole, other = world(), world()
    live(whole, 5)
    middle = whole.state()
    live(whole, 5)
    other.load(middle)
    live(other, 5)
    assert same(whole.state(), other.state()) == []


def test_any_number_of_threads_gives_the_same_bytes() -> None:
    one = world()
    several = small_world(600, 2, sectors=["culture"], threads=2)
    live(one, 4)
    live(several, 4)
    several.tiles.close()
    assert same(one.state(), several.state()) == []


def test_the_sector_runs_only_where_it_is_on() -> None:
    made = small_world(300)
    seen = []
    live(made, 1, lambda world, name: seen.append(name) if name in OWN else None)
    assert seen == list(OWN), "the month knows them"
    assert not {"titles", "tastes", "platform", "platform_decisions"} & set(made.tables)
