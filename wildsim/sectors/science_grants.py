"""Grants: what the government spends on research, dealt out to scientists."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from wildsim.core.table import F64
from wildsim.state.functions import spending_ratio
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="science", scientists="funding grant_months")
def fund(world: WorldView) -> None:
    """Spread part of the money equally and the rest over those who hold a grant; decide on new proposals.

    Funds are relative to what a scientist has on average at normal spending (`state.functions.spending_ratio`). The
    money buys goods in `public_demand`; here it only says whose research they serve.
    """
    scientists, law = world.scientists, world.law
    count = len(scientists)
    if not count:
        return
    scientists.grant_months[:] = np.maximum(scientists.grant_months - 1, 0)
    won = _proposals(world)
    scientists.grant_months[won] = int(law("science.grant_months"))
    holds = scientists.grant_months > 0
    equal = law("science.equal_share")
    each = 1.0 - equal if holds.any() else 0.0
    public = (1.0 - each) + each * count * holds / max(int(holds.sum()), 1)
    own = law("science.own_funds")
    scientists.funding[:] = own + (1.0 - own) * spending_ratio(world, "research") * public


def _proposals(world: WorldView) -> np.ndarray:
    """Return True for scientists without a grant who apply and beat the payline.

    A score is the standardised track record weighted by `merit`, and chance for the rest. The payline is the score
    that `success` of all scientists would reach, so that few applicants in a month do not make it easier.
    """
    scientists, law = world.scientists, world.law
    luck = world.uniform("science.review", "scientists", 2)
    merit = law("science.merit")
    score = merit * _track_record(world) + np.sqrt(1.0 - merit**2) * ndtri(luck[0])
    payline = np.quantile(score, 1.0 - law("science.success"))
    applies = luck[1] < 1.0 / law("science.apply_every")
    return np.asarray((scientists.grant_months == 0) & applies & (score >= payline))


def _track_record(world: WorldView) -> F64:
    """Return log citations (and papers, as far as they count) of the last years, in standard deviations."""
    scientists, law = world.scientists, world.law
    months, counting = law("science.record_months"), law("science.counting")
    cited, written = (
        np.log1p(column.astype(np.float64) * months) for column in (scientists.recent, scientists.recent_papers)
    )
    known = (1.0 - counting) * cited + counting * written
    spread = float(known.std())
    return (known - known.mean()) / spread if spread > 0.0 else np.zeros(len(known))
