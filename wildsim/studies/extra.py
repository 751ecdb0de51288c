"""Libraries of the extra `calibrate`, imported when they are used."""

from __future__ import annotations

import importlib
from typing import Any

from wildsim.core.errors import InputError


def library(name: str, what: str) -> Any:
    """Return the module `name` of an optional library; `what` says in a word what needs it.

    Raises:
        InputError: It is not installed; the message says what to install.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
            raise
        top = name.partition(".")[0]
        raise InputError(f"{what} needs {top}, which is not installed: pip install 'wildsim[calibrate]'") from None
