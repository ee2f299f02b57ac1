"""A file that could not be read: where, and what was expected there."""

from collections.abc import Callable
from datetime import date
from typing import Any

from musette_solid.errors import N_, MusetteError


class UnreadableFile(MusetteError):
    """`row` and `column` count from 1; `pointer` is a JSON pointer. One of them is given whenever it is known.

    `expected` is a message identifier like the two sentences: it is translated before it is put into them.
    """

    what = N_("This file could not be read.")
    do = N_("Expected: %(expected)s. Nothing was written.")

    at_row = N_("This file could not be read: row %(row)s, column %(column)s.")
    at_pointer = N_("This file could not be read: at %(pointer)s.")

    def __init__(
        self,
        *,
        expected: str,
        file: str = "",
        row: int | None = None,
        column: int | None = None,
        pointer: str | None = None,
        **details: Any,
    ) -> None:
        super().__init__(file=file, expected=expected, row=row, column=column, pointer=pointer, **details)
        self.file, self.expected = file, expected
        self.row, self.column, self.pointer = row, column, pointer

    def sentences(
        self,
        translate: Callable[[str], str] = str,
        written: Callable[[date], str] = str,  # noqa: ARG002  (places in a file, no days)
    ) -> tuple[str, str]:
        what = self.at_row if self.row is not None else self.at_pointer if self.pointer is not None else self.what
        details = {**self.details, "expected": translate(self.expected) % self.details}
        return translate(what) % details, translate(self.do) % details

    def __str__(self) -> str:
        return " ".join(self.sentences())
