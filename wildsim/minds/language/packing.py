"""Prompts in few bytes: those of one role are alike, so each is packed with the first of its role as the dictionary."""

from __future__ import annotations

import sqlite3
import zlib

_TABLE = "CREATE TABLE IF NOT EXISTS dictionaries (id INTEGER PRIMARY KEY, role TEXT UNIQUE, text BLOB)"
_LEVEL = 1
_LONGEST = 32_000  # zlib looks back no further


class Packing:
    """Packs and unpacks the texts of one file, which holds the dictionaries too."""

    def __init__(self, connection: sqlite3.Connection, read_only: bool = False):
        """Read the dictionaries of the file."""
        self._open = connection
        if not read_only:
            connection.execute(_TABLE)
        rows = connection.execute("SELECT id, role, text FROM dictionaries").fetchall()
        self._by_role: dict[str, tuple[int, bytes]] = {role: (number, text) for number, role, text in rows}
        self._by_number: dict[int, bytes] = {number: text for number, _, text in rows}

    def pack(self, text: str, role: str) -> tuple[int, bytes]:
        """Return the number of the dictionary and the packed text; a new role's first text becomes its dictionary."""
        data = text.encode("utf-8", errors="replace")
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
