"""What a calibration says of itself: fit of each moment, parameters that fit about as well, the overlay."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from wildsim.studies.calibrate import Calibration
from wildsim.studies.loss import inside
from wildsim.studies.targets import Target
from wildsim.studies.trial import Trial

#: Standard errors by which fresh seeds must be worse for the fit to be called overfit.
CLEARLY = 2.0


def standard_error(values: Any) -> float:
    """Return the standard error of a mean over worlds; NaN for a single one."""
    data = np.asarray(values, dtype=np.float64)
    return float(data.std(ddof=1) / math.sqrt(len(data))) if len(data) > 1 else math.nan


def moment_rows(found: Calibration) -> list[dict[str, Any]]:
    """Return one row a moment: its range, and value and share of worlds inside, before and after."""
    rows = []
    for target in found.targets.moments:
        row: dict[str, Any] = {"moment": target.name, "low": target.low, "high": target.high}
        row |= {"weight": target.weight, "source": target.source}
        arms = {"start": found.start, "search": found.best, "start_fresh": found.start_fresh, "fresh": found.fresh}
        for name, trial in arms.items():
            row[name] = _of_moment(target, trial)
        rows.append(row)
    return rows


def _of_moment(target: Target, trial: Trial | None) -> dict[str, Any] | None:
    if trial is None:
        return None
    values = np.array([outcome.values.get(target.name, math.nan) for outcome in trial.outcomes])
    known = values[np.isfinite(values)]
    return {
        "mean": float(known.mean()) if len(known) else math.nan,
        "se": standard_error(known),
        "inside": float(np.mean([inside(target, outcome.values) for outcome in trial.outcomes])),
        "values": values.tolist(),
    }


def scores(trial: Trial | None) -> dict[str, Any] | None:
    """Return loss and mean single-run share inside, with their standard errors over worlds."""
    if trial is None:
        return None
    return {
        "loss": trial.loss,
        "loss_se": standard_error(trial.losses),
        "inside": float(trial.shares.mean()),
        "inside_se": standard_error(trial.shares),
        "inside_of_each": trial.shares.tolist(),
        "collapsed": trial.collapsed,
    }


def verdict(found: Calibration) -> str:
    """Return a sentence on how the result does on seeds that were not searched on."""
    if found.fresh is None:
        return "Not scored on fresh seeds: the share on the search seeds is too good, since it was chosen on them."
    search, fresh = found.best.shares, found.fresh.shares
    gap = float(search.mean() - fresh.mean())
    error = math.hypot(standard_error(search), standard_error(fresh))
    text = f"Share inside {search.mean():.3f} on the seeds searched on, {fresh.mean():.3f} on fresh ones"
    if math.isnan(error):
        return f"{text}: one seed tells no error, so nothing can be said of the difference of {gap:+.3f}."
    if gap > max(CLEARLY * error, 0.0):
        return f"{text}: overfit, the search fitted the luck of its seeds. Use more --seeds."
    return f"{text}: the difference of {gap:+.3f} is within what seeds alone make (standard error {error:.3f})."


def as_good(found: Calibration) -> list[Trial]:
    """Return the trials that fit about as well: a loss within one standard error (over seeds) of the best's."""
    error = standard_error(found.best.losses)
    limit = found.best.loss + (error if math.isfinite(error) else 0.0)
    return [trial for trial in found.trials if trial.loss <= limit or trial.number == found.best.number]


def parameter_rows(found: Calibration) -> list[dict[str, Any]]:
    """Return one row a parameter: before, after, and the interval of what fits about as well."""
    alike = as_good(found)
    rows = []
    for dimension in found.targets.dimensions:
        values = [trial.point[dimension.name] for trial in alike]
        best = found.best.point[dimension.name]
        wide = dimension.place(max(values)) - dimension.place(min(values))
        place = dimension.place(best)
        rows.append(
            {
                "parameter": dimension.name,
                "unit": dimension.unit,
                "doc": dimension.doc,
                "search_low": dimension.low,
                "search_high": dimension.high,
                "log": dimension.log,
                "start": dimension.start,
                "best": best,
                "low": min(values),
                "high": max(values),
                "width": wide,
                "at_bound": not 0.02 <= place <= 0.98,
            }
        )
    return rows


def document(found: Calibration) -> dict[str, Any]:
    """Return everything as plain data, for fit.json."""
    options = found.options
    return {
        "seeds": {"search": options.search_seeds, "finalists": options.final_seeds, "fresh": options.fresh_seeds},
        "search": options.search,
        "search_seed": options.luck,
        "trials": len(found.trials),
        "collapsed_trials": sum(bool(trial.collapsed) for trial in found.trials),
        "best_trial": found.best.number,
        "start": {"search": scores(found.start), "fresh": scores(found.start_fresh)},
        "best": {"search": scores(found.best), "fresh": scores(found.fresh)},
        "verdict": verdict(found),
        "moments": moment_rows(found),
        "as_good_trials": len(as_good(found)),
        "parameters": parameter_rows(found),
        "finalists": [{"trial": t.number, **(scores(t) or {})} for t in found.finalists],
        "rounds": [asdict(one) for one in found.rounds],
    }


def trial_rows(found: Calibration) -> list[dict[str, Any]]:
    """Return one row a trial: number, loss, share inside, why it collapsed, the point."""
    return [
        {"trial": t.number, "loss": t.loss, "inside": float(t.shares.mean()), "collapsed": t.collapsed, **t.point}
        for t in found.trials
    ]
