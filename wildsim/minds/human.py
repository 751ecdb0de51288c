"""A person decides: the same observation, the same bounds, and answers that are kept on the tape and replayed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from wildsim.minds.language.call import Asker, Call, Message, Model, Reply
from wildsim.minds.language.tape import Tape
from wildsim.minds.mind import Decision, Question

#: Puts a question to a person; returns field -> number for what the person decided, None where the rule is to decide.
Ask = Callable[[Question], Mapping[str, float] | None]
#: What the tape calls a person.
PERSON = Model("human", "human")


class HumanMind:
    """Asks a person, one question after the other; fields that the person leaves out are the rule's."""

    def __init__(self, ask: Ask, tape: Tape):
        """Ask through `ask`: a terminal, a page, a test. What is on the tape is not asked again."""
        self._ask, self._tape = ask, tape

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return what the person decides."""
        return [self._one(question) for question in questions]

    def _one(self, question: Question) -> Decision:
        asker = Asker(question.seed, question.agent, question.month, question.role, question.purpose)
        call = Call(PERSON, (Message("user", _as_shown(question)),), asker)
        known = self._tape.known(call)
        if known is None:
            answer = self._ask(question)
            known = Reply(json.dumps(None if answer is None else dict(answer)), finish="stop", source="human")
            self._tape.keep(call, known, "human")
        assert isinstance(known, Reply)  # a person's answer is never a failure
        given = json.loads(known.text)
        if given is None:
            return Decision({}, "rule", "the person let the rule decide", ((call.key, 1.0),))
        return Decision({name: float(value) for name, value in given.items()}, "human", "", ((call.key, 1.0),))


def _as_shown(question: Question) -> str:
    """Return what the person saw, exactly: a person is asked again only if it has changed."""
    seen = [(one.name, one.value, one.period) for one in question.seen]
    fields = [(f.name, f.low, f.high, f.rule) for f in question.fields]
    return json.dumps([seen, fields, question.memory, question.letters])
