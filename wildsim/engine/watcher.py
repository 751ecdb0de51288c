"""Who hears how long work is doing: a run of a scenario, or a study of many societies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Watcher:
    """Who wants to hear.

    Attributes:
        say: Called with a sentence for the user. progress: Called now and then with how much is done, of how much, and
            where it stands; a run counts months, a study whatever it lives.
    """

    say: Callable[[str], None] = lambda text: None
    progress: Callable[[int, int, str], None] = lambda done, total, now: None
