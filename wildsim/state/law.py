"""The numbers in force this month: the scenario's parameters as policies have changed them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from wildsim.core.table import F64


class Law:
    """Parameters by dotted name, as in force this month.

    A policy changes them by `blend`; at the start of every month they are the scenario's again.

    Attributes:
        start: The scenario's own values, before any policy.
    """

    def __init__(self, values: Mapping[str, Any], shocks: Collection[str] = ()):
        """Take the resolved parameters of a scenario and the names of the aggregate shocks that are on."""
        self.start = dict(values)
        self._shocks = frozenset(shocks)
        self._now = dict(values)
        #: Goods bought by the government beyond its rule this month (policies).
        self.extra_purchases = 0.0
        #: Goods bought beyond the norm for each function of government this month: {function: goods}.
        self.function_goods: dict[str, float] = {}
        #: Points on the policy rate this month (policies).
        self.rate_shift = 0.0
        #: Points on income tax that pay for funded policies this month.
        self.extra_tax = 0.0
        #: Points on product tax that pay for funded policies this month.
        self.extra_product_tax = 0.0
        #: Posts at public agencies beyond the government's rule this month (policies).
        self.extra_staff = 0.0
        #: Relative raise of the minimum wage by group of the law this month (policies).
        self.minimum_raise: F64 = np.zeros(1)

    def __call__(self, name: str) -> float:
        """Return the number called `name` as in force.

        Raises:
            KeyError: No such parameter.
        """
        value: float = self._now[name]
        return value

    def array(self, name: str) -> F64:
        """Return a list of numbers called `name` as an array of its shape."""
        return np.asarray(self._now[name], dtype=np.float64)

    def on(self, shock: str) -> bool:
        """Return whether the aggregate shock `shock` is on."""
        return shock in self._shocks

    def reset(self) -> None:
        """Put the scenario's own values in force."""
        self._now = dict(self.start)
        self.extra_tax = self.extra_product_tax = self.extra_purchases = self.extra_staff = self.rate_shift = 0.0
        self.minimum_raise = np.zeros(1)
        self.function_goods = {}

    def spend(self, function: str, goods: float) -> None:
        """Buy `goods` a month beyond the government's rule for one function (see wildsim.state.functions)."""
        self.extra_purchases += goods
        self.function_goods[function] = self.function_goods.get(function, 0.0) + goods

    def set(self, name: str, value: Any) -> None:
        """Put `value` in force."""
        if name not in self._now:
            raise KeyError(name)
        self._now[name] = value

    def blend(self, name: str, target: float, size: float, low: float = 0.0, high: float = 1.0) -> None:
        """Move a number from what is in force towards `target` by the share `size`; 0 leaves it bit for bit.

        Args:
            low, high: Legal range; a large `size` goes no further.
        """
        if size != 0.0:
            self._now[name] = min(max(self(name) + size * (target - self(name)), low), high)
