"""The mind of a language model: a question becomes a prompt, its answer a decision, or the rule decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wildsim.minds.language.call import Asker, Call, Failure, Message, Model
from wildsim.minds.language.chain import Language
from wildsim.minds.language.repair import Outcome, TextQuestion, decide_in_text
from wildsim.minds.memory import LONGEST
from wildsim.minds.mind import Decision, Question
from wildsim.minds.prompt import messages_of, task_messages
from wildsim.minds.roles.role import Role


@dataclass(frozen=True)
class Style:
    """How agents are asked.

    Attributes:
        role: Their role; None where every question is a text of its own. model: The model that answers.
        template: Template of the prompt; None: the role's own.
        exact: Print numbers in full. show_rule: Tell what the rule would decide. paraphrase: Which wording.
    """

    role: Role | None
    model: Model
    template: str | None = None
    exact: bool = False
    show_rule: bool = True
    paraphrase: int = 0

    @property
    def source(self) -> str:
        """What a record calls decisions of this model."""
        return "scripted" if self.model.scripted else "llm"

    def messages(self, question: Question) -> tuple[Message, ...]:
        """Return what puts a question to the model."""
        if question.text:
            return task_messages(question)
        assert self.role is not None, "a question of no role needs a text"
        return messages_of(
            question,
            self.role,
            exact=self.exact,
            show_rule=self.show_rule,
            template=self.template,
            paraphrase=self.paraphrase,
        )


class LanguageMind:
    """Asks language models; a question names its style, so that one batch can go to several models and roles."""

    def __init__(self, language: Language, styles: Mapping[str, Style]):
        """Ask through `language`, in the ways that `styles` names."""
        self.language, self._styles = language, styles

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return what the models decide; where one gave nothing usable, twice, the rule decides and the reason is kept.

        Raises:
            RunError: The budget is spent and the scenario says stop, or a replay lacks a call.
        """
        asked = [self._text(question) for question in questions]
        outcomes = decide_in_text(self.language, asked)
        return [self._decision(question, outcome) for question, outcome in zip(questions, outcomes, strict=True)]

    def _text(self, question: Question) -> TextQuestion:
        style = self._styles[question.style]
        asker = Asker(question.seed, question.agent, question.month, question.role, question.purpose)
        return TextQuestion(style.messages(question), question.fields, asker, style.model)

    def _decision(self, question: Question, outcome: Outcome) -> Decision:
        calls = tuple((key, 1.0 / len(outcome.keys)) for key in outcome.keys)
        source = self._styles[question.style].source if outcome.values else "fallback"
        return Decision(outcome.values, source, outcome.reason, calls, outcome.repaired, outcome.note, outcome.letter)

    def reflect(self, questions: Sequence[Question]) -> list[str]:
        """Return what agents conclude from their memories, in their models' words; empty where a call failed."""
        calls = []
        for question in questions:
            style = self._styles[question.style]
            asker = Asker(question.seed, question.agent, question.month, question.role, "reflect")
            calls.append(
                Call(style.model, _reflection(question, style), asker, None, self.language.settings.share_samples)
            )
        return ["" if isinstance(answer, Failure) else answer.text for answer in self.language.ask(calls)]


def decision_id(question: Question) -> str:
    """Return the name of a decision, by which the tape links it to its calls."""
    return f"{question.month}/{question.role}/{question.agent}"


def _reflection(question: Question, style: Style) -> tuple[Message, ...]:
    lines = "\n".join(f"- {line}" for line in question.memory)
    ask = (
        f"What you remember of your decisions and of what came of them:\n{lines}\n\n"
        f"What have you learned for your next decisions? Answer in plain words, {LONGEST} characters at most."
    )
    assert style.role is not None, "only agents of a role remember"
    return Message("system", f"{style.role.title} {style.role.goal}"), Message("user", ask)
