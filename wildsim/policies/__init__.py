"""Dated, stackable changes of the law: one family a file. A policy is data; `enact` says what it does to the law."""

from __future__ import annotations

from wildsim.core.registry import Registry
from wildsim.policies.base import Policy, Selector, Where

#: What policies act with. These modules load numpy, so those that hold kinds import them inside functions.
WORKERS = ("arrivals", "enact", "functions", "funding", "groups", "posts", "schedules", "training", "units")

POLICIES: Registry[type[Policy]] = Registry("policy", "wildsim.policies", without=WORKERS)

__all__ = ["POLICIES", "Policy", "Selector", "Where"]
