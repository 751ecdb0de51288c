"""Wordings of what every prompt asks, equal in meaning: how much an answer hangs on the words can be tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """One wording.

    Attributes:
        ask: Introduces the block of fields. answer: How to answer.
    """

    ask: str
    answer: str

    @property
    def answer_alone(self) -> str:
        """How to answer where there is no rule of thumb."""
        return self.answer.partition("}.")[0] + "}."


#: The first is the usual one, five paraphrases follow.
PHRASES = (
    Phrase(
        "Decide each field for the coming month, within its range. A rule of thumb, where given, is only a guide.",
        'Answer with one JSON object and nothing else: {"field": number, ..., "why": "one short sentence"}. '
        "A field that you leave out follows the rule of thumb.",
    ),
    Phrase(
        "Set a value between low and high for each of these, to hold next month. You need not follow a rule of thumb.",
        'Reply only with a JSON object such as {"field": number, ..., "why": "one short sentence"}. '
        "Fields left out are set by the rule of thumb.",
    ),
    Phrase(
        "What do you choose for the month ahead? Stay inside each range; a rule of thumb shows what is usual.",
        'Give your choice as a single JSON object, {"field": number, ..., "why": "one short sentence"}, without other '
        "text. The rule of thumb takes over whatever you omit.",
    ),
    Phrase(
        "Your decisions for next month are due. Low and high bound each of them; rules of thumb are suggestions.",
        'Write exactly one JSON object: {"field": number, ..., "why": "one short sentence"}. '
        "For anything missing the rule of thumb is used.",
    ),
    Phrase(
        "Pick a number for every field below; it counts for one month and must lie in its range. "
        "Depart from a rule of thumb where you see reason to.",
        'Return JSON only, one object: {"field": number, ..., "why": "one short sentence"}. '
        "If you skip a field, its rule of thumb applies.",
    ),
    Phrase(
        "Now choose, field by field, what is done in the coming month. Only values from low to high are possible; the "
        "rule of thumb is what an ordinary person in your place would do.",
        'Your answer is one JSON object without any text around it: {"field": number, ..., "why": "one short '
        'sentence"}. Whatever you do not name is left to the rule of thumb.',
    ),
)
