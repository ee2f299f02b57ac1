"""Accounts of a person on platforms and networks, and the facets of a life that are kept apart.

What names somebody on one side of their life must not be found on the page of another: two identifiers side by side tie
the two together for whoever reads both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model.described import Index
from musette_solid.model.words import folded
from musette_solid.rdf import terms

#: A handle shorter than this is found in too many words to mean anything.
_SHORTEST: Final = 4
_LONGEST: Final = 300


class FacetsMixed(MusetteError):
    what = N_("Accounts of two sides of your life cannot be shown together: %(names)s.")
    do = N_("Nothing was shown. Choose those of one side, or change the side of one of them.")


@dataclass(frozen=True, slots=True)
class Account:
    """`name`: what the person is called there; `service`: the home page of the place; `url`: their page there."""

    iri: str
    name: str
    service: str | None = None
    url: str | None = None
    facet: URIRef | None = None
    note: str | None = None

    @property
    def place(self) -> str:
        """The place in a word: the host, without `www.`."""
        try:
            host = urlsplit(self.service or self.url or "").hostname or ""
        except ValueError:
            return ""
        return host.removeprefix("www.")

    @property
    def identifiers(self) -> tuple[str, ...]:
        """What gives this account away where it is written: its page without its scheme, and the handle, folded."""
        page = re.sub(r"^https?://(www\.)?", "", self.url or "").rstrip("/").casefold()
        handle = folded(self.name.lstrip("@"))
        return tuple(text for text in (page, handle) if len(text) >= _SHORTEST)


def read(graph: Graph) -> tuple[Account, ...]:
    """By facet, then place, then name."""
    found = [
        Account(
            node.iri,
            (node.text(terms.FOAF_ACCOUNT_NAME) or node.address(terms.FOAF_HOMEPAGE) or "")[:_LONGEST],
            node.address(terms.FOAF_ACCOUNT_SERVICE_HOMEPAGE),
            node.address(terms.FOAF_HOMEPAGE),
            node.concept(terms.FACET),
            node.text(terms.DCTERMS_DESCRIPTION),
        )
        for node in Index(graph).of_type(terms.FOAF_ONLINE_ACCOUNT)
    ]
    return tuple(sorted(found, key=lambda one: (str(one.facet or ""), one.place, folded(one.name), one.iri)))


def check_together(accounts: Iterable[Account]) -> None:
    """Raises FacetsMixed when they are not all of one facet. An account without one goes with nothing but itself."""
    shown = tuple(accounts)
    if len(shown) > 1 and len({one.facet or one.iri for one in shown}) > 1:
        raise FacetsMixed(names=", ".join(one.name for one in shown))


def given_away(texts: Iterable[str], shown: Iterable[Account], accounts: Iterable[Account]) -> tuple[Account, ...]:
    """The accounts that stay hidden and that these texts give away all the same: by their page or by their handle.

    An account of the facet that is shown gives nothing away, nor does a handle that two facets have in common: that is for
    the person to know.
    """
    seen = tuple(shown)
    facets = {one.facet for one in seen}
    public = {identifier for one in seen for identifier in one.identifiers}
    hidden = [one for one in accounts if one not in seen and (one.facet is None or one.facet not in facets)]
    raw = "\n".join(texts)
    plain, words = raw.casefold(), folded(raw)
    return tuple(
        one for one in hidden if any(_is_in(what, plain, words) for what in one.identifiers if what not in public)
    )


def check_apart(texts: Iterable[str], accounts: Iterable[Account]) -> None:
    """Raises FacetsMixed when these texts give away accounts of two facets: whoever reads them could tie the two together."""
    named = given_away(texts, (), accounts)
    if len({one.facet for one in named if one.facet is not None}) > 1:
        raise FacetsMixed(names=", ".join(one.name for one in named))


def _is_in(identifier: str, plain: str, words: str) -> bool:
    if "/" in identifier or "." in identifier:
        return identifier in plain
    return re.search(rf"(?<!\w){re.escape(identifier)}(?!\w)", words) is not None
