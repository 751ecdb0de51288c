"""A basket of sellers whose prices are collected: drawn by size, followed for a while, replaced where they vanish.

Sources: Rosen 1997, On sampling with probability proportional to size (Pareto sampling, as statistical offices draw
outlets for consumer prices); ILO, IMF et al. 2020, Consumer Price Index Manual, chapters 5, 6, 8 (lowest-level indices,
replacements linked to show no change, chaining).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from wildsim.core.table import F64, I64, U64


@dataclass(frozen=True)
class Basket:
    """Sellers that are followed, and their prices when it was drawn.

    Attributes:
        ids: Who they are, shape (sellers). prices: When the basket was drawn. weights: Sales that each stands for.
        chances: With which chance each was drawn; 1 for those who are large enough to be taken in any case.
    """

    ids: U64
    prices: F64
    weights: F64
    chances: F64


@dataclass(frozen=True)
class Market:
    """Sellers of a month, shape (sellers) each: who they are, luck in (0, 1) for draws, sales (money), prices."""

    ids: U64
    luck: F64
    sales: F64
    prices: F64


def inclusion(sales: F64, sample: int) -> F64:
    """Return chances proportional to size that add up to `sample`, none above 1, shape (sellers)."""
    chances = np.zeros(len(sales))
    open_ = sales > 0.0
    if open_.sum() <= sample:
        return np.where(open_, 1.0, 0.0)
    while True:
        left = sample - float((chances == 1.0).sum())
        chances[open_] = left * sales[open_] / sales[open_].sum()
        large = open_ & (chances >= 1.0)
        if not large.any():
            return chances
        chances[large], open_ = 1.0, open_ & ~large


def ranked(luck: F64, chances: F64) -> I64:
    """Return the rows that may be drawn, in the order in which Pareto sampling takes them."""
    can = np.flatnonzero(chances > 0.0)
    u, p = luck[can], chances[can]
    with np.errstate(divide="ignore"):
        rank = np.where(p == 1.0, 0.0, u / (1.0 - u) * (1.0 - p) / p)
    return np.asarray(can[np.argsort(rank, kind="stable")])


def draw(market: Market, sample: int) -> Basket:
    """Return a new basket; each stands for its sales over its chance."""
    chances = inclusion(market.sales, sample)
    rows = np.sort(ranked(market.luck, chances)[:sample])
    weights = market.sales[rows] / chances[rows]
    return Basket(market.ids[rows], market.prices[rows], weights, chances[rows])


def now(basket: Basket, market: Market) -> F64:
    """Return the prices of the basket's sellers; NaN for those who are gone, shape (sellers)."""
    if not len(market.ids):
        return np.full(len(basket.ids), math.nan)
    order = np.argsort(market.ids, kind="stable")
    place = order[np.minimum(np.searchsorted(market.ids, basket.ids, sorter=order), len(order) - 1)]
    return np.where(market.ids[place] == basket.ids, market.prices[place], math.nan)


def change(basket: Basket, prices: F64) -> tuple[float, float]:
    """Return prices relative to when the basket was drawn (Laspeyres: weights of then), and the variance of its log.

    The variance is that of Pareto sampling, from those who are still there.

    Args:
        prices: Of today, NaN where there is none, shape (sellers).
    """
    there = np.isfinite(prices)
    weights, chances = basket.weights[there], basket.chances[there]
    if not weights.sum() > 0.0:
        return math.nan, math.nan
    relatives = prices[there] / basket.prices[there]
    found = float((weights * relatives).sum() / weights.sum())
    drawn = int((chances < 1.0).sum())
    if drawn < 2:
        return found, 0.0 if drawn == 0 else math.nan
    rest = weights * (relatives - found) / (weights.sum() * found)
    return found, drawn / (drawn - 1.0) * float(((1.0 - chances) * rest**2).sum())


def renewed(basket: Basket, market: Market, sample: int) -> Basket:
    """Return the basket with others in place of those who are gone, linked so that entering changes nothing.

    One who enters is reckoned to have had the price at which it would have risen as all others did, and takes the
    weight of the one who left. Where nobody is left to enter, the basket shrinks.
    """
    prices = now(basket, market)
    gone = np.isnan(prices)
    if not gone.any():
        return basket
    found, _ = change(basket, prices)
    chances = inclusion(market.sales, sample)
    known = set(basket.ids.tolist())
    free = [row for row in ranked(market.luck, chances).tolist() if int(market.ids[row]) not in known]
    enter = np.array(free[: int(gone.sum())], dtype=np.int64)
    kept = ~gone
    if math.isfinite(found):
        kept[np.flatnonzero(gone)[: len(enter)]] = True
        filled = np.flatnonzero(gone)[: len(enter)]
        ids, base, odds = basket.ids.copy(), basket.prices.copy(), basket.chances.copy()
        ids[filled], odds[filled] = market.ids[enter], chances[enter]
        base[filled] = market.prices[enter] / found
        basket = replace(basket, ids=ids, prices=base, chances=odds)
    return Basket(basket.ids[kept], basket.prices[kept], basket.weights[kept], basket.chances[kept])
