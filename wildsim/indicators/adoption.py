"""AI agents in firms: who uses them, what for, and how the paired and the displaced fare."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, NO_ROW
from wildsim.indicators import indicator, sample
from wildsim.indicators.accounts import ratio
from wildsim.state.ai_tasks import price
from wildsim.state.firms import PUBLIC
from wildsim.state.world import WorldView

_BTOS = "US Census Bureau, Business Trends and Outlook Survey: AI use"


def _uses(view: WorldView) -> np.ndarray:
    return np.asarray((view.firms.kind != PUBLIC) & (view.firms.staff > 0) & (view.adopters.tasks > 0.0))


@indicator(
    "ai_adoption",
    unit="share",
    source=_BTOS,
    direction=0,
    doc="Private firms with staff that use AI agents.",
    sector="adoption",
)
def ai_adoption(view: WorldView) -> float:
    """Return the share of private firms with staff that use AI agents."""
    counted = (view.firms.kind != PUBLIC) & (view.firms.staff > 0)
    return ratio(float(_uses(view).sum()), float(counted.sum()))


@indicator(
    "ai_exposure",
    unit="share",
    source=_BTOS + ", weighted by employment",
    direction=0,
    doc="People at work in private firms whose firm uses AI agents.",
    sector="adoption",
)
def ai_exposure(view: WorldView) -> float:
    """Return the share of private staff whose firm uses AI agents."""
    staff = np.where(view.firms.kind != PUBLIC, view.firms.staff, 0).astype(np.float64)
    return ratio(float(staff[_uses(view)].sum()), float(staff.sum()))


@indicator(
    "ai_tasks",
    unit="share",
    source="Acemoglu 2024: share of tasks affected by AI",
    direction=0,
    doc="Tasks of private firms done by AI agents, weighted by labour.",
    sector="adoption",
)
def ai_tasks(view: WorldView) -> float:
    """Return the share of tasks done by AI agents."""
    weight = _labour(view)
    return ratio(float((weight * view.adopters.running).sum()), float(weight.sum()))


@indicator(
    "ai_productivity",
    unit="ratio",
    source="Acemoglu, Restrepo 2019: productivity effect",
    direction=1,
    doc="Output of labour at private firms relative to that without AI, weighted by labour.",
    sector="adoption",
)
def ai_productivity(view: WorldView) -> float:
    """Return the mean of firms.automation."""
    weight = _labour(view)
    return ratio(float((weight * view.firms.automation).sum()), float(weight.sum()))


def _labour(view: WorldView) -> F64:
    return np.asarray(np.where(view.firms.kind != PUBLIC, view.firms.labour, 0.0))


@indicator(
    "ai_price",
    unit="ratio",
    source="Svanberg et al. 2024: cost of AI relative to labour",
    direction=0,
    doc="Cost of AI agents relative to labour for the median task that they can do, before tax.",
    sector="adoption",
)
def ai_price(view: WorldView) -> float:
    """Return the relative price of AI."""
    return price(view)


@indicator(
    "ai_spending",
    unit="USD/month",
    source="SNA 2008: intermediate consumption of AI services",
    direction=0,
    doc="AI services bought by firms.",
    sector="adoption",
)
def ai_spending(view: WorldView) -> float:
    """Return what firms paid for AI services."""
    return float(view.adopters.spending.sum())


@indicator(
    "paired_share",
    unit="share",
    source="Bick, Blandin, Deming 2024: use of generative AI at work",
    direction=0,
    doc="People at work who work with an AI assistant.",
    sector="adoption",
)
def paired_share(view: WorldView) -> float:
    """Return the share of people at work who are paired."""
    works = view.people.employer != NO_ROW
    return ratio(float((works & (view.pairings.paired == 1)).sum()), float(works.sum()))


@indicator(
    "displaced_share",
    unit="share",
    source="BLS Displaced Worker Survey: position abolished within three years",
    direction=-1,
    doc="People in the labour force who were dismissed because of AI within `adoption.displaced_months`.",
    sector="adoption",
)
def displaced_share(view: WorldView) -> float:
    """Return the share of the labour force that was displaced by AI."""
    active = (view.people.participates == 1) | (view.people.employer != NO_ROW)
    return ratio(float((active & (view.pairings.displaced > 0)).sum()), float(active.sum()))


@indicator(
    "income_paired",
    unit="USD/month",
    source="BLS OEWS: gross wages, those of people paired with AI",
    direction=1,
    doc="Mean gross wage of people who work with an AI assistant.",
    sector="adoption",
)
def income_paired(view: WorldView) -> float:
    """Return the mean wage of the paired; NaN if there are none."""
    return _mean(view.people.wage[(view.people.employer != NO_ROW) & (view.pairings.paired == 1)])


@indicator(
    "income_displaced",
    unit="USD/month",
    source="Jacobson, LaLonde, Sullivan 1993: earnings of displaced workers, months without work counting as zero",
    direction=1,
    doc="Mean gross earnings of people displaced by AI within `adoption.displaced_months`, without work: 0.",
    sector="adoption",
)
def income_displaced(view: WorldView) -> float:
    """Return mean earnings of the displaced; NaN if there are none."""
    return _mean(_earnings(view)[view.pairings.displaced > 0])


@indicator(
    "displaced_earnings",
    unit="ratio",
    source="Jacobson, LaLonde, Sullivan 1993: earnings relative to those before displacement",
    direction=1,
    doc="Earnings of the displaced relative to the wage of the job they lost, each in mean wages of its month.",
    sector="adoption",
)
def displaced_earnings(view: WorldView) -> float:
    """Return the earnings of the displaced over their wages before; NaN if there are none."""
    lost = view.pairings.displaced > 0
    now = float(_earnings(view)[lost].sum()) / float(view.macro.mean_wage[0])
    return ratio(now, float(view.pairings.wage_before[lost].sum()))


def _earnings(view: WorldView) -> F64:
    return np.asarray(np.where(view.people.employer != NO_ROW, view.people.wage, 0.0))


def _mean(values: F64) -> float:
    return float(values.mean()) if len(values) else float("nan")


@sample(
    "ai_gain",
    unit="share",
    doc="Rise in output of people who work with an AI assistant; below 0 outside the frontier.",
    sector="adoption",
)
def ai_gain(view: WorldView) -> F64:
    """Return the gain of everybody paired."""
    return np.asarray(view.pairings.gain[view.pairings.paired == 1].astype(np.float64))


@sample("ai_firm_tasks", unit="share", doc="Tasks handed to AI agents by firms that use them.", sector="adoption")
def ai_firm_tasks(view: WorldView) -> F64:
    """Return the share of tasks handed over by each firm that uses AI."""
    return np.asarray(view.adopters.tasks[_uses(view)].copy())
