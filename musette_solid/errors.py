"""The base of every error: what happened, and what to do next.

    MusetteError
    |- PodError              (pod/errors.py)
    |- Unfit                 (model/validation.py)
    |- UnreadableFile        (exchange/errors.py)
    `- RuleFault             (model/rights)

The two sentences are English message identifiers of the translation catalogue, with named placeholders; the web and the
command line translate them with their own gettext and fill the placeholders from `details`.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar


def N_(sentence: str) -> str:  # noqa: N802  (gettext's own name for "translate me later")
    """Mark a sentence for extraction; it is translated where it is shown."""
    return sentence


class MusetteError(Exception):
    what: ClassVar[str] = N_("Something went wrong on our side.")
    do: ClassVar[str] = N_("Try again; if it happens again, tell us what you were doing.")

    def __init__(self, **details: Any) -> None:
        super().__init__(self.what % _Lenient(details) if details else self.what)
        self.details: Mapping[str, Any] = details

    def sentences(self, translate: Callable[[str], str] = str) -> tuple[str, str]:
        """What happened and what to do, in the language of `translate`."""
        return translate(self.what) % _Lenient(self.details), translate(self.do) % _Lenient(self.details)


class _Lenient(dict[str, Any]):
    """A missing placeholder must not hide the error it belongs to."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        super().__init__(details)

    def __missing__(self, key: str) -> str:
        return "…"
