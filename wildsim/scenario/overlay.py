"""Overlays: policy files (or bare policy kinds) to lay over a scenario; each makes one arm."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from wildsim.core.document import Document, Place, read
from wildsim.policies import POLICIES, Policy
from wildsim.scenario.catalogue import find_overlay
from wildsim.scenario.check import build, overlay_sections
from wildsim.scenario.merge import merge
from wildsim.scenario.schema import OverlaySections, Scenario


@dataclass(frozen=True)
class Overlay:
    """A part of a scenario to lay over another.

    Attributes:
        name: What its arm is called. about: One sentence.
        file: Path as given, or the kind. sections: The checked content.
        document: The content with its places.
    """

    name: str
    about: str
    file: str
    sections: OverlaySections
    document: Document

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies that it adds."""
        return self.sections.policies

    @property
    def source(self) -> str:
        """The text of the file as given; for a bare kind the one line that it stands for."""
        return self.document.text


def load_overlay(path_or_kind: str | Path) -> Overlay:
    """Read a policy file, or make the overlay of a policy kind that needs no parameters.

    Args:
        path_or_kind: A path, the bare name of a file in `scenarios/policies`, or a kind such as `no_change`.

    Raises:
        InputError: No such file or kind, or its content is wrong.
    """
    text = str(path_or_kind)
    if text in POLICIES and not Path(text).is_file():
        try:
            POLICIES[text].model_validate({"kind": text})
        except ValidationError:
            pass
        else:
            return _overlay(Document({"policies": [{"kind": text}]}, {(): Place(f"--policy {text}")}), text, text)
    file = find_overlay(text, kind=text in POLICIES)
    return _overlay(read(file), file, Path(file).stem)


def _overlay(document: Document, file: str, name: str) -> Overlay:
    sections = overlay_sections(document)
    if not document.text:
        document = Document(document.data, document.places, f"policies: [{{kind: {file}}}]\n")
    return Overlay(sections.name or name, sections.about, file, sections, document)


def apply(scenario: Scenario, overlay: Overlay) -> Scenario:
    """Return the scenario with the overlay laid over it (see `Scenario.with_overlay`)."""
    base = scenario._document
    if base is None:
        data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
        base = Document(data, {(): Place(scenario.name or "scenario")})
    merged = merge(base, overlay.document)
    result = build(Scenario, merged)
    result = result.model_copy(update={"name": scenario.name})
    result._document, result._file = merged, scenario.file
    return result
