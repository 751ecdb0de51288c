"""Texts in few bytes, for the tape.

Prompts of one role are alike, so each is packed with the first of its role as the dictionary. What comes again word for
word (schemas, sampling) is kept once.
"""

from __future__ import annotations

import sqlite3
import zlib

_TABLE = "CREATE TABLE IF NOT EXISTS dictionaries (id INTEGER PRIMARY KEY, role TEXT UNIQUE, text BLOB)"
_TEXTS = "CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"
_LEVEL = 1
_LONGEST = 32_000  # zlib looks back no further


class Packing:
    """Packs and unpacks the texts of one file, which holds the dictionaries too."""

    def __init__(self, connection: sqlite3.Connection, read_only: bool = False):
        """Read the dictionaries of the file."""
        self._open = connection
        if not read_only:
            connection.execute(_TABLE)
            connection.execute(_TEXTS)
        rows = connection.execute("SELECT id, role, text FROM dictionaries").fetchall()
        self._by_role: dict[str, tuple[int, bytes]] = {role: (number, text) for number, role, text in rows}
        self._by_number: dict[int, bytes] = {number: text for number, _, text in rows}

        self._texts: dict[str, int] = {
            text: number for number, text in connection.execute("SELECT id, text FROM texts").fetchall()
        }

    def number(self, text: str) -> int:
        """Return the number under which a text is kept that comes again and again."""
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = len(self._texts) + 1
            self._open.execute("INSERT INTO texts VALUES (?, ?)", (known, text))
        return known

    def texts(self) -> dict[int, str]:
        """Return the texts by their numbers."""
        return {number: text for text, number in self._texts.items()}

    def pack(self, text: str, role: str) -> tuple[int, bytes]:
        """Return the number of the dictionary and the packed text; a new role's first text becomes its dictionary."""
        data = text.encode("utf-8")
        known = self._by_role.get(role)
        if known is None:
            number = len(self._by_number) + 1
            known = (number, data[-_LONGEST:])
            self._by_role[role], self._by_number[number] = known, known[1]
            # in the transaction of the row that needs it
            self._open.execute("INSERT INTO dictionaries VALUES (?, ?, ?)", (number, role, known[1]))
        packer = zlib.compressobj(_LEVEL, zdict=known[1])
        return known[0], packer.compress(data) + packer.flush()

    def unpack(self, number: int, packed: bytes) -> str:
        """Return the text."""
        return zlib.decompressobj(zdict=self._by_number[number]).decompress(packed).decode("utf-8")
