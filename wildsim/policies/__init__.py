"""Dated, stackable changes of the law: one family a file. A policy is data; `enact` says what it does to the law."""

from __future__ import annotations

from wildsim.core.registry import Registry
from wildsim.policies.base import LATER, Policy, Selector, Where

POLICIES: Registry[type[Policy]] = Registry("policy", "wildsim.policies")

__all__ = ["LATER", "POLICIES", "Policy", "Selector", "Where"]
