"""Errors say what, where, how to mend it, and survive the way between processes."""

from __future__ import annotations

import pickle

import pytest

from wildsim.core.errors import BooksError, InputError, RunError, WildSimError, did_you_mean, nearest


def test_input_error_names_file_line_column() -> None:
    assert str(InputError("a tab.", file="us.yaml", line=7, column=5)) == "us.yaml:7:5  a tab."
    assert str(InputError("a tab.", file="us.yaml")) == "us.yaml  a tab."
    assert str(InputError("a tab.")) == "a tab."


def test_exit_codes() -> None:
    assert (InputError("x").exit_code, RunError("x").exit_code, WildSimError("x").exit_code) == (2, 1, 1)


@pytest.mark.parametrize("error", [InputError("x", file="f", line=1), RunError("y"), BooksError(3, "wages", 0.01, "z")])
def test_errors_cross_processes(error: WildSimError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_books_error_names_month_account_amount() -> None:
    text = str(BooksError(3, "wages", 0.01))
    assert "month 3" in text
    assert "wages" in text
    assert "0.01" in text


def test_nearest_name() -> None:
    assert nearest("incom_tax", ["vat", "income_tax"]) == "income_tax"
    assert nearest("zzz", ["vat"]) is None
    assert did_you_mean("vta", ["vat"]) == " Did you mean 'vat'?"
    assert did_you_mean("zzz", ["vat"]) == ""
