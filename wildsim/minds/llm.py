"""The mind of a language model: a question becomes a prompt, its answer a decision, or the rule decides."""

from __future__ import annotations

from dataclasses import dataclass

from wildsim.minds.language.call import Model
from wildsim.minds.roles.role import Role


@dataclass(frozen=True)
class Style:
    """How agents are asked.

    Attributes:
        role: Their role. model: The model that answers. template: Template of the prompt; None: the role's own.
        exact: Print numbers in full. show_rule: Tell what the rule would decide. paraphrase: Which wording.
        shared: Whether equal prompts share an answer.
    """

    role: Role
    model: Model
    template: str | None = None
    exact: bool = False
    show_rule: bool = True
    paraphrase: int = 0
    shared: bool = False

    @property
    def source(self) -> str:
        """What a record calls decisions of this model."""
        return "scripted" if self.model.scripted else "llm"
