"""The base of every error: what happened, and what to do next.

    MusetteError
    |- PodError              (pod/errors.py)
    |- Unfit                 (model/validation.py)
    |- UnreadableFile        (exchange/errors.py)
    `- RuleFault             (model/rights)

The two sentences are English message identifiers of the translation catalogue, with named placeholders; the web and the
command line translate them with their own gettext and fill the placeholders from `details`. A `reason` among the details
is such an identifier too: it is translated, and its own placeholders filled, before it is put into the sentence. A date is
written as the reader's language wants it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar


def N_(sentence: str) -> str:  # noqa: N802  (gettext's own name for "translate me later")
    """Mark a sentence for extraction; it is translated where it is shown."""
    return sentence


class MusetteError(Exception):
    what: ClassVar[str] = N_("Something went wrong on our side.")
    do: ClassVar[str] = N_("Try again; if it happens again, tell us what you were doing.")

    def __init__(self, **details: Any) -> None:
        super().__init__(_filled(self.what, details, str))
        self.details: Mapping[str, Any] = details

    def sentences(self, translate: Callable[[str], str] = str, written: Callable[[date], str] = str) -> tuple[str, str]:
        """What happened and what to do, in the language of `translate`; `written` puts a day into its words."""
        details = {name: written(one) if isinstance(one, date) else one for name, one in self.details.items()}
        return _filled(self.what, details, translate), _filled(self.do, details, translate)


_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _filled(sentence: str, details: Mapping[str, Any], translate: Callable[[str], str]) -> str:
    values = _Lenient(details)
    reason = details.get("reason")
    if isinstance(reason, str) and reason:  # gettext answers "" with the header of its catalogue
        reason = translate(reason)
        # What a parser or a server said may hold any sign: only our own placeholders are filled.
        values["reason"] = _PLACEHOLDER.sub(lambda found: str(values[found[1]]), reason)
    return translate(sentence) % values


class _Lenient(dict[str, Any]):
    """A missing placeholder must not hide the error it belongs to."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        super().__init__(details)

    def __missing__(self, key: str) -> str:
        return "…"
