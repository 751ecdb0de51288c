"""Roles, one file each: a new one is a file that registers a `Role`."""

from __future__ import annotations

from wildsim.core.registry import Registry
from wildsim.minds.roles.role import Role

ROLES: Registry[Role] = Registry("role", __name__, without=("economy", "prompts", "role", "sums"))
