"""What curation makes of the reports of a survey: how suspect each is, and the mean of those that it keeps."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from wildsim.core.keys import Keys
from wildsim.core.table import F64, I64
from wildsim.feedback.curation.collusion import Collusion
from wildsim.feedback.curation.digits import Digits
from wildsim.feedback.curation.outliers import Outliers
from wildsim.feedback.curation.pipeline import Step, curate
from wildsim.feedback.curation.provenance import Origin, Provenance, seal
from wildsim.feedback.curation.records import Records, records

SOURCE = "survey"
ORIGINS = {SOURCE: Origin(b"key of the survey", since=0)}
#: False positive rates at which ROC curves are told.
RATES = np.round(np.linspace(0.0, 1.0, 21), 6)


def as_records(reports: F64, origin: I64) -> Records:
    """Return reports as records under the seal of the survey; the invented have none: reporters alone have the key."""
    who = [f"reporter-{place}" if place >= 0 else f"invented-{k}" for k, place in enumerate(origin.tolist())]
    made = seal(records(SOURCE, who, "asked", 0, reports), ORIGINS)
    return made.sealed(np.where(origin >= 0, made.seal, "").tolist())


def places_of(honest: F64) -> int:
    """Return the decimals at which honest reports have three digits or so before the last one that counts."""
    size = float(np.median(np.abs(honest)))
    return 0 if not size > 0.0 else max(0, 2 - math.floor(math.log10(size)))


def steps(honest: F64) -> dict[str, Step]:
    """Return the steps by name, each knowing the honest reports on the world without the policy."""
    logs = bool((honest > 0.0).all())
    return {
        "provenance": Provenance(ORIGINS),
        "outliers": Outliers(log=logs),
        "collusion": Collusion(honest),
        "digits": Digits(honest, Keys(0), "last", places_of(honest)),
    }


def curated_mean(reports: F64, origin: I64, honest: F64) -> float:
    """Return the mean of the reports that provenance, outliers and collusion leave.

    Who is left out now is left out of the world without the policy, too: else it were an effect of the policy that some
    are left out. It is the mean itself where nobody is, and in the world without the policy.
    """
    chosen = steps(honest)
    kept = curate(as_records(reports, origin), [chosen[name] for name in ("provenance", "outliers", "collusion")]).kept
    whose = origin[kept.row]
    return float(honest.mean() + (kept.value - honest[whose]).mean()) if len(kept) else math.nan


def suspicions(reports: F64, origin: I64, honest: F64) -> dict[str, F64]:
    """Return how suspect each report is to each step, and to all: the largest of their ranks, shape (reports)."""
    made = as_records(reports, origin)
    found = {name: step.vet(made).suspicion for name, step in steps(honest).items()}
    ranks = np.stack([rankdata(values, method="average") for values in found.values()])
    return found | {"all": ranks.max(axis=0)}


def auc(suspicion: F64, lies: NDArray[np.bool_]) -> float:
    """Return the chance that a lie is more suspect than an honest report, ties counting half; NaN without either.

    Source: Hanley, McNeil 1982, The meaning and use of the area under a ROC curve, Radiology.
    """
    bad, good = int(lies.sum()), int((~lies).sum())
    if not bad or not good:
        return math.nan
    ranks = rankdata(suspicion, method="average")
    return (float(ranks[lies].sum()) - bad * (bad + 1) / 2.0) / (bad * good)


def roc(suspicion: F64, lies: NDArray[np.bool_]) -> F64:
    """Return the share of lies found at each of RATES, ties broken by chance, shape (RATES); NaN without lies."""
    bad, good = int(lies.sum()), int((~lies).sum())
    if not bad or not good:
        return np.full(len(RATES), math.nan)
    limits = np.unique(suspicion)[::-1]
    ordered = np.sort(suspicion[lies]), np.sort(suspicion[~lies])
    found, alarms = (
        np.concatenate([[0.0], (len(one) - np.searchsorted(one, limits, side="left")) / len(one)]) for one in ordered
    )
    best = np.append(np.diff(alarms) > 0.0, True)  # of points above each other, the one that finds most
    curve: F64 = np.interp(RATES, alarms[best], found[best])
    return curve
