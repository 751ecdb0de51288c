"""Backends, one file each: who answers a call. A new one is a file that registers a class made from `Settings`."""

from __future__ import annotations

from collections.abc import Callable

from wildsim.core.registry import Registry
from wildsim.minds.language.backends.base import Backend, BackendError
from wildsim.minds.language.settings import Settings

BACKENDS: Registry[Callable[[Settings], Backend]] = Registry("backend", __name__, without=("base", "chaos", "formats"))

__all__ = ["BACKENDS", "Backend", "BackendError"]
