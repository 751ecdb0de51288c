"""The experiments, one file each: a new one is a file that registers an `Experiment`."""

from __future__ import annotations

from wildsim.core.registry import Registry
from wildsim.studies.fidelity.experiment import Experiment

EXPERIMENTS: Registry[Experiment] = Registry("experiment", __name__)


def register(experiment: Experiment, module: str) -> Experiment:
    """Add an experiment under its name and return it; `module` is the file that defines it (`__name__`)."""
    return EXPERIMENTS.register(experiment.name, module)(experiment)
