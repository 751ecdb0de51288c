"""Keys never leave the process: whatever is written or said passes through here."""

from __future__ import annotations

import os
import re

_NAMES = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$")
_SHORTEST = 8
_SHORTEST_NAMED = 4
_LOOKS_LIKE = re.compile(
    r"\b(?:sk|pk|rk|xai|gsk|hf)[-_][A-Za-z0-9_\-]{16,}|(?<=Bearer )[^\s\"',]{8,}|(?<=://)[^\s/@]+@|[^\s/@:\"']+:[^\s/@]+@"
)
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.\-]*://")


class Secrets:
    """The secrets of the environment."""

    def __init__(self) -> None:
        """Look at the environment."""
        self._known: list[str] = []
        self._named: set[str] = set()
        self.refresh()

    def add(self, variable: str) -> None:
        """Count a variable among the secrets, whatever its name looks like."""
        self._named.add(variable)

    def refresh(self) -> None:
        """Look again: a notebook may set a key at any time."""
        names = [name for name in os.environ if _NAMES.search(name.upper())]
        found = {value for name in names if len(value := os.environ[name]) >= _SHORTEST}
        found |= {value for name in self._named if len(value := os.environ.get(name, "")) >= _SHORTEST_NAMED}
        self._known = sorted(found, key=len, reverse=True)

    def hide(self, text: str) -> str:
        """Return an answer without any key of the environment, and with "?" for halves of characters.

        A tape cannot hold half a surrogate pair: what the run goes on with must be what its tape gives back.
        """
        for secret in self._known:
            if secret in text:
                text = text.replace(secret, "(key)")
        return text if text.isascii() else text.encode("utf-8", errors="replace").decode("utf-8")

    def in_text(self, text: str) -> bool:
        """Return whether a text holds a key of the environment."""
        return any(secret in text for secret in self._known)

    def hide_all(self, text: str) -> str:
        """Return a message of an error without any key of the environment and without what looks like one."""
        return _LOOKS_LIKE.sub("(key)", self.hide(text))


def without_user(address: str) -> str:
    """Return an address without the name and password in it, also where it lacks its scheme.

    All before the last "@" goes: a password may hold any mark, and half a password must not stay.
    """
    before, mark, rest = address.rpartition("@")
    scheme = _SCHEME.match(before)
    return (scheme[0] if mark and scheme else "") + rest
