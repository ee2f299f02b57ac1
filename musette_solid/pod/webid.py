"""A person's or an organisation's public profile: who vouches for them, where their storage is, where to write to them."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import NotThere, NotUnderstood, PodError, for_status
from musette_solid.pod.http import SMALL, Request, Response, Transport
from musette_solid.pod.resources import ACCEPT, strong
from musette_solid.rdf import syntax
from musette_solid.rdf.names import canonical, document

_FOAF = "http://xmlns.com/foaf/0.1/"
_VCARD = "http://www.w3.org/2006/vcard/ns#"
_SOLID = "http://www.w3.org/ns/solid/terms#"
_PIM = "http://www.w3.org/ns/pim/space#"

OIDC_ISSUER = URIRef(_SOLID + "oidcIssuer")
STORAGE = URIRef(_PIM + "storage")
PREFERENCES = URIRef(_PIM + "preferencesFile")
PRIVATE_TYPE_INDEX = URIRef(_SOLID + "privateTypeIndex")
INBOX = URIRef("http://www.w3.org/ns/ldp#inbox")

#: In the order that the Solid26 guide gives for showing a name.
NAMES = tuple(
    URIRef(iri)
    for iri in (
        _FOAF + "name",
        "http://schema.org/name",
        "https://schema.org/name",
        _VCARD + "fn",
        _VCARD + "organization-name",
        "https://www.w3.org/ns/activitystreams#name",
        "http://www.w3.org/2000/01/rdf-schema#label",
    )
)

_MAX_HOPS = 3
_MAX_VALUES = 20


class NotAProfile(PodError):
    what = N_("No profile was found at %(url)s.")
    do = N_("Check the address with the person or organisation who gave it to you.")


@dataclass(frozen=True)
class Profile:
    webid: str
    url: str  # where the document finally was
    graph: Graph = field(repr=False)
    etag: str | None = None

    def _iris(self, predicate: URIRef) -> tuple[str, ...]:
        # Only what is said of exactly this subject counts: <#other> solid:oidcIssuer vouches for nobody here.
        found = sorted(str(o) for o in self.graph.objects(URIRef(self.webid), predicate) if isinstance(o, URIRef))
        return tuple(found[:_MAX_VALUES])

    @property
    def issuers(self) -> tuple[str, ...]:
        return self._iris(OIDC_ISSUER)

    @property
    def storages(self) -> tuple[str, ...]:
        return self._iris(STORAGE)

    @property
    def inbox(self) -> str | None:
        found = self._iris(INBOX)
        return found[0] if found else None

    @property
    def preferences(self) -> str | None:
        found = self._iris(PREFERENCES)
        return found[0] if found else None

    @property
    def private_type_indexes(self) -> tuple[str, ...]:
        return self._iris(PRIVATE_TYPE_INDEX)

    @property
    def places(self) -> tuple[str, ...]:
        """Where the person says that their things are."""
        private = (self.inbox, self.preferences, *self.private_type_indexes)
        return (*self.storages, *(iri for iri in private if iri is not None))

    @property
    def name(self) -> str | None:
        for predicate in NAMES:
            found = sorted(str(o) for o in self.graph.objects(URIRef(self.webid), predicate) if isinstance(o, Literal))
            if found and found[0].strip():
                return found[0].strip()[:200]
        return None


def is_web_address(text: str) -> bool:
    """Whether a text that somebody typed can be an http(s) IRI at all."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.username is None
            and len(text) <= 2048
            and not any(ord(c) < 33 or c in '<>"{}|\\^`' for c in text)
        )
    except ValueError:
        return False


def profile(transport: Transport, webid: str, memory: Cache[Any] | None = None) -> Profile:
    """The public profile that `webid` names, asked for as a stranger; with a memory, only if it changed.

    Raises NotAProfile (absent, refused or no web address), NotUnderstood (no RDF), Unreachable, NotAllowed.
    """
    if not is_web_address(webid):
        raise NotAProfile(webid)
    place = canonical(document(webid))
    known: Profile | None = memory.get(place, _FORM) if memory is not None else None
    try:
        response = get_following(transport, document(webid), etag=known.etag if known else None)
    except NotThere as error:
        raise NotAProfile(webid, error.status) from error
    if response.status == 304 and known is not None:
        return replace(known, webid=webid)
    if response.status in {401, 403}:
        raise NotAProfile(webid, response.status)
    if response.status == 406:
        raise NotUnderstood(webid, response.status, reason=N_("it is neither Turtle nor JSON-LD"))
    if not response.ok:
        raise for_status(response.url, response.status)
    try:
        graph = syntax.parse(response.body, response.headers.get("Content-Type", ""), response.url)
    except syntax.NotRdf as error:
        raise NotUnderstood(webid, response.status, **error.details) from error
    found = Profile(webid, response.url, graph, strong(response.headers.get("ETag")))
    if memory is not None and canonical(response.url) == place:  # what was elsewhere may be elsewhere tomorrow
        memory.put(place, found, len(response.body) * 8, form=_FORM, etag=found.etag)
    return found


#: What a profile is kept as: asked for as a stranger, it is not what its owner reads.
_FORM = "as a stranger"


def get_following(transport: Transport, url: str, accept: str = ACCEPT, etag: str | None = None) -> Response:
    """An anonymous GET that follows a few redirects by hand, each hop through the guard. Raises NotThere.

    With an ETag, the first hop is only answered in full if it is another one.
    """
    for hop in range(_MAX_HOPS):
        known = {"If-None-Match": etag} if etag and hop == 0 else {}
        response = transport.send(Request("GET", url, {"Accept": accept, **known}), SMALL)
        if response.status in {301, 302, 303, 307, 308} and response.headers.get("Location"):
            try:
                following = document(urljoin(url, response.headers["Location"]))
            except ValueError as error:
                raise NotUnderstood(url, response.status, reason=N_("it is not a web address")) from error
            if url.startswith("https:") and not following.startswith("https:"):
                raise NotUnderstood(url, response.status, reason=N_("it sends to an address that is not protected"))
            url = following
            continue
        if response.status in {404, 410}:
            raise NotThere(url, response.status)
        return response
    raise NotUnderstood(url, 310, reason=N_("it keeps sending elsewhere"))
