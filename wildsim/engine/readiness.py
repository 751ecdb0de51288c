"""Whether the minds of a plan can be asked: models, their keys and addresses, runs to be repeated.

No key is ever read into a message.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wildsim.core.errors import InputError
from wildsim.minds.language.backends import litellm
from wildsim.minds.language.backends.scripted import Scripted

if TYPE_CHECKING:
    from wildsim.core.document import Document
    from wildsim.engine.plan import Arm
    from wildsim.minds.language.call import Model

#: Provider, as litellm's names of models begin -> variables, one of which must be set; the first one is named.
#: Source: litellm 1.x, utils.validate_environment and llms/<provider>.
KEYS: dict[str, tuple[str, ...]] = {
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "mistral": ("MISTRAL_API_KEY",),
    "groq": ("GROQ_API_KEY",),
    "deepseek": ("DEEPSEEK_API_KEY",),
    "openrouter": ("OPENROUTER_API_KEY",),
    "together_ai": ("TOGETHERAI_API_KEY", "TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHER_AI_TOKEN"),
    "cohere": ("COHERE_API_KEY", "CO_API_KEY"),
    "xai": ("XAI_API_KEY",),
    "azure": ("AZURE_API_KEY", "AZURE_OPENAI_API_KEY"),
}
#: Providers of models that are named without one.
_BARE = (("gpt-", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"), ("claude", "anthropic"))
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def provider_of(name: str) -> str:
    """Return the provider in litellm's name of a model; "" where the name does not say."""
    first, slash, _ = name.partition("/")
    return first if slash else next((who for start, who in _BARE if name.startswith(start)), "")


def key_problem(model: Model) -> str:
    """Return what keeps a model from being asked, in words; "" where nothing is known to."""
    return _problem(model) or _unset(model)


def _problem(model: Model) -> str:
    """Return what keeps a model from being asked whatever keys there are; "" where nothing is known to."""
    if model.scripted:
        return _said(Scripted().check, model)
    if model.api_key_env and not _VARIABLE.match(model.api_key_env):
        return "api_key_env is no name of a variable; write its NAME, such as OPENAI_API_KEY, never the key."
    if model.backend == "openai_http" and not model.api_base:
        return f"model '{model.name}' needs an address with backend openai_http: api_base: http://localhost:8000/v1"
    if model.backend == "litellm":
        if importlib.util.find_spec("litellm") is None:
            return f"model '{model.name}' needs litellm, which is not installed. Run: uv sync. Without: model: scripted"
        if not (model.api_key_env or provider_of(model.name) in KEYS):
            return _said(litellm.check_provider, model)  # takes seconds: litellm itself is asked
    return ""


def _unset(model: Model) -> str:
    """Return which key a model needs that is not set, in words; "" where it is, or none is known to be needed."""
    if model.scripted or (model.api_base and not model.api_key_env):
        return ""
    names = (model.api_key_env,) if model.api_key_env else KEYS.get(provider_of(model.name), ())
    if not names:
        return _said(litellm.check_keys, model) if model.backend == "litellm" else ""
    if any(os.environ.get(name) for name in names):
        return ""
    return f"model '{model.name}' needs {names[0]}, which is not set. Without a key: model: scripted"


def _said(check: Callable[[Model], None], model: Model) -> str:
    """Return what a check says against a model; "" where nothing."""
    try:
        check(model)
    except InputError as error:
        return str(error)
    return ""


def present() -> list[str]:
    """Return the names of the variables of known providers that are set."""
    return [name for names in KEYS.values() for name in names if os.environ.get(name)]


def check(arms: Sequence[Arm], seeds: Sequence[int], *, keys: bool = True) -> None:
    """Check that every model of every arm can be asked, and that every run to be repeated has the seeds.

    Args:
        keys: Whether a key that is not set counts, too.

    Raises:
        InputError: Names file, line and remedy of each that cannot.
    """
    problem = key_problem if keys else _problem
    problems = list(dict.fromkeys(text for arm in arms for text in _problems(arm, seeds, problem)))
    if problems:
        raise InputError("\n".join(problems))


def unset(arms: Sequence[Arm]) -> list[str]:
    """Return the keys that a run of these arms needs and that are not set, in words with file and line."""
    return list(dict.fromkeys(text for arm in arms for text in _problems(arm, (), _unset)))


def _problems(arm: Arm, seeds: Sequence[int], problem_of: Callable[[Model], str]) -> Iterator[str]:
    from wildsim.deliberation.earlier import missing_from
    from wildsim.deliberation.minds import model_of

    document = arm.scenario._document
    for number, entry in enumerate(arm.scenario.minds):
        if entry.mind == "replay" and seeds:
            problem = missing_from(Path(entry.run), seeds)
            if problem:
                yield _placed(document, number, "run", problem)
        for name in entry.models if entry.mind == "llm" else ():
            problem = problem_of(model_of(entry, name))
            if problem:
                yield _placed(document, number, "mix" if entry.mix else "model", problem)


def _placed(document: Document | None, number: int, key: str, problem: str) -> str:
    """Return a problem with the place of its entry; a run that is resumed has no file to point to."""
    if document is None:
        return f"minds[{number}]: {problem}"
    path: tuple[str | int, ...] = ("minds", number, key)
    return str(document.place(path).error(problem))
