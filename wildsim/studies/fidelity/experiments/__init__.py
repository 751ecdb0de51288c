"""The experiments, one file each: a new one is a file that registers an `Experiment`."""

from __future__ import annotations

from wildsim.core.parameters import load_parameters
from wildsim.core.registry import Registry
from wildsim.studies.fidelity.experiment import Experiment

EXPERIMENTS: Registry[Experiment] = Registry("experiment", __name__)


def register(experiment: Experiment, module: str) -> Experiment:
    """Add an experiment under its name and return it; `module` is the file that defines it (`__name__`)."""
    return EXPERIMENTS.register(experiment.name, module)(experiment)


def parameter(name: str) -> float:
    """Return a number of WildSim's rules as they stand for the United States.

    Raises:
        TypeError: It is a list.
    """
    value = load_parameters("us")[name].value
    if isinstance(value, list):
        raise TypeError(f"{name} is no single number")
    return float(value)
