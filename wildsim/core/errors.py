"""The errors a user may meet. Each says what is wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WildSimError(Exception):
    """Base of every error that WildSim raises on purpose; its text is written for the user.

    Attributes:
        exit_code: What the command line returns: 1 the run failed, 2 the input is wrong.
    """

    exit_code = 1


class InputError(WildSimError):
    """The user's input is wrong: a scenario, a policy file, an option."""

    exit_code = 2

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None, column: int | None = None):
        """Prefix `message` with `file:line:column` as far as they are known (1-based)."""
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}  {message}" if place else message)


class BooksError(WildSimError):
    """The books do not close: money or a claim appeared or vanished.

    Attributes:
        month: Month of the breach. account: Row of the flow matrix or instrument. amount: USD that are missing.
    """

    def __init__(self, month: int, account: str, amount: float, detail: str = ""):
        """Name the month, the account and the amount; `detail` says which identity broke."""
        self.month, self.account, self.amount, self.detail = month, account, amount, detail
        super().__init__(
            f"Books do not close in month {month}: {account} is off by {amount:.6g} USD. {detail}".rstrip()
        )

    def __reduce__(self) -> tuple[type[BooksError], tuple[int, str, float, str]]:
        """Rebuild from the fields, so that the error crosses a process boundary."""
        return type(self), (self.month, self.account, self.amount, self.detail)


class WriteProtectionError(WildSimError):
    """A sector wrote to a column that it did not declare."""


class RunError(WildSimError):
    """A run failed for a reason outside the user's scenario: disk, version, a killed worker."""


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the known name closest to a mistyped one, or None when none is close."""
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest known name, or an empty string."""
    near = nearest(name, names)
    return f" Did you mean '{near}'?" if near else ""
