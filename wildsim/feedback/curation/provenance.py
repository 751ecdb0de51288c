"""Whether a record comes from whom it says: a seal that only its source can make, and dates at which it existed.

A seal is a keyed digest of the record's content (BLAKE2b in keyed mode, RFC 7693): without the key nobody can make one,
and with any change of the content it no longer fits.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wildsim.core.errors import InputError, did_you_mean
from wildsim.feedback.curation.pipeline import Vetted
from wildsim.feedback.curation.records import Records

_BYTES = 16


@dataclass(frozen=True)
class Origin:
    """A source that is known.

    Attributes:
        key: Its secret, 1 to 64 bytes. since: First month of which it speaks. until: The last one; None for no end.
    """

    key: bytes
    since: int
    until: int | None = None


def seal(records: Records, origins: Mapping[str, Origin]) -> Records:
    """Return the records with the seal of their source.

    Raises:
        InputError: A source is not known.
    """
    for name in np.unique(records.source).tolist():
        if name not in origins:
            raise InputError(f"unknown source '{name}'.{did_you_mean(name, origins)}")
    return records.sealed([_digest(records, k, origins[str(records.source[k])].key) for k in range(len(records))])


@dataclass(frozen=True)
class Provenance:
    """Drops records of unknown sources, with seals that do not fit, of periods before their source, or of the future.

    Attributes:
        origins: Known sources by name.
    """

    name: ClassVar[str] = "provenance"
    doc: ClassVar[str] = "Unknown sources, seals that do not fit, periods before the source existed."

    origins: Mapping[str, Origin]

    def vet(self, records: Records) -> Vetted:
        """Return the reason for each; suspicion is 1 where there is one."""
        reasons = tuple(self._reason(records, place) for place in range(len(records)))
        return Vetted(np.array([float(bool(reason)) for reason in reasons]), reasons)

    def _reason(self, records: Records, place: int) -> str:
        name, period = str(records.source[place]), int(records.period[place])
        origin = self.origins.get(name)
        if origin is None:
            return f"source '{name}' is not known"
        if period < origin.since:
            return f"speaks of month {period}; source '{name}' exists since month {origin.since}"
        if origin.until is not None and period > origin.until:
            return f"speaks of month {period}; source '{name}' ended in month {origin.until}"
        if int(records.published[place]) <= period:
            return f"published in month {int(records.published[place])}, before the end of month {period}"
        wanted = _digest(records, place, origin.key)
        if not hmac.compare_digest(wanted.encode(), str(records.seal[place]).encode()):
            return f"its seal is not that of source '{name}'" if records.seal[place] else "it has no seal"
        return ""


def _digest(records: Records, place: int, key: bytes) -> str:
    content = [
        str(records.source[place]),
        str(records.reporter[place]),
        str(records.indicator[place]),
        int(records.period[place]),
        int(records.published[place]),
        float(records.value[place]).hex(),
    ]
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), key=key, digest_size=_BYTES).hexdigest()
