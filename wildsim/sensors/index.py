"""The consumer price index of an office: prices of a basket of sellers, with weights of some time ago, chained.

The true level is what buyers pay on average. Here sellers are compared with themselves alone, with weights of the last
review, so that buyers who turn to cheaper sellers are not followed: the bias of substitution comes by itself. Sources:
ILO, IMF et al. 2020, Consumer Price Index Manual; Reinsdorf 1993 (outlet substitution).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wildsim.core.errors import InputError, did_you_mean
from wildsim.core.table import F64
from wildsim.sensors import SENSORS
from wildsim.sensors.basket import Basket, Market, change, draw, now, renewed
from wildsim.sensors.reading import Past, PublishedOnce, kept_as
from wildsim.state.firms import OTHER_GOODS
from wildsim.state.world import WorldView

LEVEL, INFLATION = "price_level", "inflation"
#: Months of the change that inflation is.
YEAR = 12
#: Columns of the basket that are remembered.
PARTS = ("ids", "prices", "weights", "chances")


@SENSORS.register("index")
@dataclass(frozen=True)
class Index(PublishedOnce):
    """Follows the prices of a basket of sellers; draws are keyed, and a new basket is drawn at each review.

    Attributes:
        sample: Sellers in the basket, drawn by sales. review: Months between new baskets and weights.
        lag: Months from the month priced to publication.
    """

    name: ClassVar[str] = "index"
    doc: ClassVar[str] = "Prices of a basket of sellers, weights of the last review, chained; who fails is replaced."
    measures: ClassVar[str] = f"{LEVEL}, {INFLATION}"
    keeps: ClassVar[tuple[str, ...]] = ("value", "se")

    sample: int
    review: int = 12
    lag: int = 1

    def check(self, indicator: str) -> None:
        """Raise if an indicator is no index of consumer prices.

        Raises:
            InputError: With those that are.
        """
        if indicator not in (LEVEL, INFLATION):
            near = did_you_mean(indicator, (LEVEL, INFLATION))
            raise InputError(f"no price index measures '{indicator}'.{near} It can: {self.measures}.")

    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return what the index of a period said, and its standard error."""
        return past.value(kept_as(indicator, "value"), period), past.value(kept_as(indicator, "se"), period)

    def complete(self, past: Past, indicator: str, period: int) -> float:
        """Return the share of the basket, by weight, of which there was a price; others were taken in its place."""
        share = past.value(kept_as(indicator, "priced"), period)
        return 0.0 if math.isnan(share) else share

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Collect the prices of the month; return the index, its standard error, and what next months rest on."""
        office, market = _Office(view, indicator, self.review), market_of(view)
        chain, variance, priced = office.priced(market)
        value, error = office.published(chain, variance)
        lost = math.isnan(chain)
        if office.basket is None or lost or view.month % self.review == 0:
            office.remember(draw(market, self.sample), drawn=True)
        else:
            office.remember(renewed(office.basket, market, self.sample))
        chain = office.before if lost else chain
        kept = {"value": value, "se": error, "chain": chain, "variance": variance}
        return kept | {"age": float(office.age), "priced": priced}


def market_of(view: WorldView) -> Market:
    """Return who sells to consumers this month; prices are relative to the mean price.

    So they have no unit: product taxes fall on all alike, and a currency reform does not touch them. The index is put
    together with the mean price again, which cancels.
    """
    firms = view.firms
    rows = np.flatnonzero(firms.kind <= OTHER_GOODS)
    luck = view.uniform_of("price_index", "firms", rows)[0]
    price, sold = firms.price[rows], firms.sold[rows]
    return Market(firms.id[rows], luck, price * sold, price / float(view.macro.goods_price[0]))


class _Office:
    """What the office remembers; lives for one month.

    Attributes:
        basket: None before the first one. age: Months since it was drawn.
    """

    def __init__(self, view: WorldView, indicator: str, review: int):
        self._view, self._indicator, self._review = view, indicator, review
        self._memory, self._history = view.memory, view.history
        self.basket: Basket | None = None
        self.age = 0
        if self._name("drawn") in self._memory:
            self.basket = Basket(*(self._memory[self._name(part)] for part in PARTS))
            self.age = view.month - int(self._memory[self._name("drawn")][0])

    def _name(self, what: str) -> str:
        return kept_as(self._indicator, what)

    @property
    def before(self) -> float:
        """The chain of last month, on which a new basket goes on where nobody of the old one is left."""
        return self._history.last(self._name("chain"))

    def priced(self, market: Market) -> tuple[float, float, float]:
        """Return the chain, the variance of its log since the basket was drawn, and the share that was priced."""
        if self.basket is None:
            return 1.0, 0.0, 1.0
        prices = now(self.basket, market)
        found, variance = change(self.basket, prices)
        weights = self.basket.weights
        priced = float(weights[np.isfinite(prices)].sum() / weights.sum()) if len(weights) else math.nan
        # this month is not in the history yet, so that the month of the draw is age - 1 before its newest
        means = float(self._view.macro.price_level[0]) / self._history.last("cpi", self.age - 1)
        return self._history.last(self._name("chain"), self.age - 1) * means * found, variance, priced

    def remember(self, basket: Basket, *, drawn: bool = False) -> None:
        """Keep the basket for next month."""
        for part in PARTS:
            self._memory[self._name(part)] = getattr(basket, part)
        if drawn:
            self._memory[self._name("drawn")] = np.array([self._view.month])

    def published(self, chain: float, variance: float) -> tuple[float, float]:
        """Return the index or inflation, and its standard error, of the chain of this month."""
        if self._indicator == INFLATION:
            ratio = chain / self._history.last(self._name("chain"), YEAR - 1)
            return ratio - 1.0, ratio * math.sqrt(self._spread(variance, YEAR))
        base = self._base(chain)
        level = chain / float(base[0])
        return level, level * math.sqrt(self._spread(variance, self._view.month - int(base[1])))

    def _base(self, chain: float) -> F64:
        """Return chain and month at which the index is 1: as for the true one, the month before month 0."""
        name = self._name("base")
        if self._view.month < 0 or name not in self._memory:
            self._memory[name] = np.array([chain, float(self._view.month)])
        return np.asarray(self._memory[name])

    def _spread(self, variance: float, months: int) -> float:
        """Return the variance of the log of the change over `months`: of this basket's part and of those before.

        Baskets are drawn anew, so that their errors are independent. That of one that is not remembered, or of a part
        of its life, is the mean of those of that age in the history: one basket alone says too little of its own error.
        """
        if months <= self.age:
            return variance if months == self.age else self._at_age(months)
        whole, part = divmod(months - self.age, self._review)
        spread = variance + (whole * self._at_age(self._review) if whole else 0.0)
        return spread + (self._at_age(part) if part else 0.0)

    def _at_age(self, age: int) -> float:
        """Return the mean variance of baskets that were `age` months old in months before; NaN if none was."""
        if age == 0:
            return 0.0
        found = self._history.series(self._name("variance"))[self._history.series(self._name("age")) == age]
        known = found[np.isfinite(found)]
        return float(known.mean()) if len(known) else math.nan
