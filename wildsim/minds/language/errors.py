"""What stops a run: a budget that is spent, a tape that does not hold what the run asks."""

from __future__ import annotations

from wildsim.core.errors import RunError
from wildsim.minds.language.call import Asker


class BudgetError(RunError):
    """The next call does not fit into the budget and the scenario says stop; everything paid for is on the tape."""


class ReplayError(RunError):
    """A run that is replayed asks something that its tape does not hold.

    Attributes:
        asker: For whom it was asked.
    """

    def __init__(self, asker: Asker, tape: str):
        """Name the agent, the month and the role."""
        self.asker, self.tape = asker, tape
        super().__init__(
            f"{tape} holds no answer for {asker.agent} ({asker.role}, month {asker.month}, seed {asker.seed}, "
            f"{asker.purpose}): the tape is of another run or program. Run it anew, or finish it: wildsim resume"
        )

    def __reduce__(self) -> tuple[type[ReplayError], tuple[Asker, str]]:
        """Rebuild from the fields, so that the error crosses a process boundary."""
        return type(self), (self.asker, self.tape)
