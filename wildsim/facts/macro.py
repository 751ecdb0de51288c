"""Facts of the business cycle: moments of 20 years of quarterly national accounts (wildsim.facts.moments)."""

from __future__ import annotations

from wildsim.facts import Measure, fact
from wildsim.facts.evidence import Evidence

_HP = "Hodrick, Prescott 1997: cycle with lambda 1600"
_CO = "correlation with the cycle of GDP"

#: Moment -> (unit, what it says, definition). The order is that of the table.
_MOMENTS = {
    "sd_gdp": ("% of trend", "How far GDP swings around its trend.", _HP),
    "sd_cons": ("% of trend", "How far consumption swings.", _HP),
    "rel_sd_inv": ("ratio", "Investment swings several times as far as GDP.", _HP),
    "sd_unemp_pp": ("points", "How far unemployment swings.", _HP),
    "ac1_gdp": ("correlation", "Booms and slumps of GDP last: cycle on that of the quarter before.", _HP),
    "ac1_cons": ("correlation", "So do those of consumption.", _HP),
    "xcorr_cons_+0": ("correlation", "Consumption moves with GDP.", f"{_HP}, {_CO}"),
    "xcorr_inv_+0": ("correlation", "Investment moves with GDP.", f"{_HP}, {_CO}"),
    "xcorr_inv_-2": ("correlation", "Investment two quarters earlier.", f"{_HP}, {_CO}"),
    "xcorr_unemp_+0": ("correlation", "Unemployment moves against GDP.", f"{_HP}, {_CO}"),
    "xcorr_infl_+0": ("correlation", "Inflation moves with GDP, but weakly.", f"{_HP}, {_CO}"),
    "okun_diff_4q": (
        "points per %",
        "Change of unemployment over a year for each percent of growth.",
        "Okun 1962: slope of 4-quarter changes",
    ),
    "unemp_mean": ("%", "Mean unemployment.", "Quarterly means"),
    "unemp_ac1": ("correlation", "Unemployment lasts.", "Level on that of the quarter before"),
    "infl_mean": ("% a year", "Mean inflation of the GDP deflator.", "Annualised quarterly changes"),
    "growth_mean_ann": ("% a year", "Mean growth of real GDP.", "4 x mean quarterly log change"),
    "cons_share": ("share", "Consumption in real GDP.", "Mean of quarterly shares"),
    "inv_share": ("share", "Investment in real GDP, change of stocks included.", "Mean of quarterly shares"),
    # shown beside the country's value, not counted: nobody gave a range beforehand
    "rel_sd_cons": ("ratio", "Consumption swings less than GDP.", _HP),
    "rel_sd_unemp": ("points per %", "Swings of unemployment relative to those of GDP.", _HP),
    "sd_infl_pp": ("points", "How far inflation swings.", _HP),
    "ac1_inv": ("correlation", "Persistence of investment's cycle.", _HP),
    "ac1_unemp": ("correlation", "Persistence of unemployment's cycle.", _HP),
    "ac1_infl": ("correlation", "Persistence of inflation's cycle.", _HP),
    "infl_ac1": ("correlation", "Persistence of inflation.", "Level on that of the quarter before"),
    "infl_sumAR4": ("sum", "Persistence of inflation over four quarters.", "Sum of the coefficients of an AR(4)"),
    "growth_sd_q": ("%", "Spread of quarterly growth.", "Quarterly log changes of real GDP"),
    "growth_ac1": ("correlation", "Growth follows growth.", "Quarterly log changes of real GDP"),
    "growth_skew": ("skewness", "Slumps are sharper than booms.", "Quarterly log changes of real GDP"),
    "share_neg_quarters": ("share", "Quarters in which GDP falls.", "Quarterly log changes of real GDP"),
    "recessions_per_100q": ("per 100 quarters", "Recessions: two quarters or more of falling GDP.", "Their beginnings"),
    "okun_gap": ("points per %", "Okun's law in gaps.", f"{_HP}: unemployment on GDP"),
    "phillips_level": (
        "points per point",
        "Inflation for each point of unemployment.",
        "Phillips 1958, slope of levels",
    ),
    "phillips_accel": (
        "points per point",
        "Inflation less that of the year before, for each point of unemployment.",
        "Friedman 1968, Phelps 1967: accelerationist Phillips curve",
    ),
    "phillips_gap": ("points per point", "Phillips curve in gaps.", f"{_HP}: inflation on unemployment"),
    "xcorr_unemp_+1": ("correlation", "Unemployment a quarter later: it lags.", f"{_HP}, {_CO}"),
    "xcorr_infl_+2": ("correlation", "Inflation two quarters later: it lags.", f"{_HP}, {_CO}"),
    "dcons_on_dgdp": ("slope", "Growth of consumption for each percent of GDP.", "Quarterly log changes"),
}


def _moment(name: str) -> Measure:
    def measure(evidence: Evidence) -> float:
        return evidence.moments[name]

    return measure


for _name, (_unit, _doc, _source) in _MOMENTS.items():
    fact(_name, unit=_unit, source=_source, doc=_doc, family="macro")(_moment(_name))
