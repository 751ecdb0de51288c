"""The minds that the entries of a scenario ask for, made once a society."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wildsim.core.errors import InputError
from wildsim.deliberation.council import Council
from wildsim.deliberation.earlier import decisions_of
from wildsim.deliberation.party import style_name
from wildsim.minds.human import Ask, HumanMind
from wildsim.minds.language.call import Model
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Price, Settings
from wildsim.minds.llm import LanguageMind, Style
from wildsim.minds.mind import Mind
from wildsim.minds.plain import RandomMind, ReplayMind, RuleMind
from wildsim.minds.prompt import check_template
from wildsim.minds.roles import ROLES
from wildsim.scenario.minds import LlmSection, MindEntry


def council_of(entries: Sequence[MindEntry], language: Language, ask: Ask | None = None) -> Council:
    """Return the council of a society.

    Args:
        language: The chain that all language models are asked through. ask: Puts a question to the person at the
            terminal; None where there is nobody to ask.

    Raises:
        InputError: A template cannot be read or used, a run to be repeated has no decisions, or nobody sits there.
    """
    styles = {
        style_name(number, name): style_of(entry, name)
        for number, entry in enumerate(entries)
        if entry.mind == "llm"
        for name in entry.models
    }
    spoken = LanguageMind(language, styles)
    shared: dict[str, Mind] = {"rule": RuleMind(), "random": RandomMind(), "llm": spoken}
    minds: dict[int, Mind] = {}
    for number, entry in enumerate(entries):
        if entry.mind == "human":
            minds[number] = RuleMind() if entry.auto else HumanMind(_person(ask, entry), language.tape)
        elif entry.mind == "replay":
            minds[number] = ReplayMind(decisions_of(Path(entry.run)))
        else:
            minds[number] = shared[entry.mind]
    return Council(entries, minds, spoken.reflect, language.tape.link_all)


def settings_of(section: LlmSection, seeds: int = 1, processes: int = 1) -> Settings:
    """Return the limits of one seed: its part of the budget, and its process's part of the calls under way.

    Every seed has the same part, whatever the others spend, so that what it decides does not depend on their order.
    """

    def part(most: float | None) -> float | None:
        return None if most is None else most / seeds

    def whole(most: int | None) -> int | None:
        return None if most is None else most // seeds

    provider = section.per_provider
    return Settings(
        concurrency=max(1, section.concurrency // processes),
        per_provider=None if provider is None else max(1, provider // processes),
        per_minute=None if section.per_minute is None else section.per_minute / processes,
        tries=section.tries,
        budget_usd=part(section.budget_usd),
        budget_tokens=whole(section.budget_tokens),
        budget_calls=whole(section.budget_calls),
        on_budget=section.on_budget,
        share_samples=section.share_samples,
        prices={name: Price(price.prompt, price.completion) for name, price in section.prices.items()},
    )


def model_of(entry: MindEntry, name: str) -> Model:
    """Return the model called `name` as an entry wants it called."""
    backend = "scripted" if Model(name).scripted else entry.backend
    return Model(name, backend, entry.api_base, entry.api_key_env, entry.temperature, entry.max_tokens, entry.timeout_s)


def style_of(entry: MindEntry, name: str) -> Style:
    """Return how agents of an entry ask the model called `name`.

    Raises:
        InputError: Its template cannot be read, or it is none.
    """
    return Style(
        ROLES[entry.role],
        model_of(entry, name),
        _template(entry),
        entry.exact,
        entry.rule == "shown",
        entry.paraphrase,
    )


def _template(entry: MindEntry) -> str | None:
    """Return the user's own template of an entry; None where it has the role's.

    Raises:
        InputError: It cannot be read, or it is none.
    """
    if not entry.prompt:
        return None
    text = entry.with_template().prompt
    problems = check_template(text)
    if problems:
        named = "the template" if "\n" in entry.prompt else entry.prompt
        raise InputError("\n".join(f"{named}  {problem}" for problem in problems))
    return text


def _person(ask: Ask | None, entry: MindEntry) -> Ask:
    if ask is None:
        raise InputError(
            f"The scenario seats a person as {entry.role}, and nobody can be asked here. Run it with --jobs 1 at a "
            "terminal, or let the rule answer: --auto"
        )
    return ask
