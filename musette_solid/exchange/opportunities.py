"""Opportunities as they are published: schema.org JobPosting in a page or a file, volunteering data, RSS, Atom, Turtle.

Words only: nothing runs.

Tolerant, since pages are what they are: an array or one object, with a context or without, inside a graph or a list. No context is
fetched: the words of schema.org are read as they stand.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import strict_json, volunteering, xml_tree
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.markup import plain
from musette_solid.model.described import Index
from musette_solid.model.opportunity import Opportunity
from musette_solid.rdf import syntax, terms

#: Nobody reads further in one look.
MOST: Final = 200
_LONGEST: Final = 4000
_SHORT: Final = 200
_DEEPEST: Final = 12


class NothingToWatch(MusetteError):
    what = N_("There is nothing to watch at this address: %(reason)s.")
    do = N_(
        "The others were looked at. Give the address of a feed, or of a page that describes its offers as data (JobPosting)."
    )


NO_OFFER = N_("it is a web page that describes no offer as data")
HAS_FEED = N_("it is a web page without offers as data, but it names a feed: %(feed)s")
NOT_READ = N_("what is there could not be read")
EMPTY = N_("it holds no offer")


def read(body: bytes, media_type: str, address: str) -> tuple[Opportunity, ...]:
    """At most MOST, in plain words, nothing of the page they came from. Raises NothingToWatch.

    `iri` is what tells one from others for good: its address, else where it was read and what it is called there.
    """
    kind = media_type.partition(";")[0].strip().lower()
    start = body[:512].lstrip().lower()
    found: Iterator[Opportunity]
    try:
        if kind in {"text/turtle", "application/n-triples"}:
            found = _of_graph(body, kind, address)
        elif "json" in kind or start[:1] in {b"{", b"["}:
            found = _of_json(strict_json.parse(body), address)
        elif "html" in kind or b"<html" in start or start.startswith(b"<!doctype html"):
            found = _of_page(body, address)
        else:
            found = _of_feed(body, address)
        by_name: dict[str, Opportunity] = {}
        for one in found:
            by_name.setdefault(one.iri, one)
            if len(by_name) == MOST:
                break
    except (UnreadableFile, syntax.NotRdf) as error:
        raise NothingToWatch(reason=NOT_READ, address=address) from error
    if not by_name:
        raise NothingToWatch(reason=EMPTY, address=address)
    return tuple(by_name.values())


# --- JobPosting -------------------------------------------------------------------------------------------------------


def _of_json(value: Any, address: str) -> Iterator[Opportunity]:
    for node in _postings(value, 0):
        one = _posting(node, address)
        if one is not None:
            yield one


def _postings(value: Any, depth: int, *, volunteers: bool = False) -> Iterator[dict[str, Any]]:
    """`volunteers`: what is around it speaks the words of the Volunteering Data Standard."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _postings(one, depth + 1, volunteers=volunteers)
    elif isinstance(value, dict):
        volunteers = volunteers or volunteering.names_the_standard(value)
        if kind := volunteering.kind_of(value, is_known=volunteers):
            yield volunteering.as_posting(value, kind)
            return
        if volunteers:
            for held in volunteering.inside(value):
                yield from _postings(held, depth + 1, volunteers=True)
            return
        kinds = value.get("@type", value.get("type"))
        named = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and re.split(r"[/#:]", kind)[-1] == "JobPosting" for kind in named):
            yield value
            return
        for inner in ("@graph", "itemListElement", "item", "mainEntity", "jobPostings", "items", "dataFeedElement"):
            if inner in value:
                yield from _postings(value[inner], depth + 1)


def _posting(node: dict[str, Any], address: str) -> Opportunity | None:
    title = _words(node.get("title") or node.get("name"), _SHORT)
    if not title:
        return None
    url = _web(_first(node.get("url")) or _first(node.get("@id")), address)
    identifier = node.get("identifier")
    known = _words(identifier.get("value") if isinstance(identifier, dict) else identifier, _SHORT)
    organization = _words(node.get("hiringOrganization"), _SHORT)
    return Opportunity(
        iri=url or f"{address}|{known or title}|{organization}",
        title=title,
        url=url,
        organization=organization,
        place=_place(node.get("jobLocation")) or _place(node.get("applicantLocationRequirements")),
        text=_words(node.get("description"), _LONGEST),
        skills=_skills(node),
        posted=_day(node.get("datePosted")),
        until=_day(node.get("validThrough")),
        kind=_kinds(node.get("employmentType")),
    )


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


#: Signs that turn the direction of what follows: a title must not rearrange the page that shows it.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _kinds(value: Any) -> str:
    """All of several: `FULL_TIME, PART_TIME`, as published."""
    several = value if isinstance(value, list) else [value]
    return ", ".join(filter(None, (_words(one, _SHORT) for one in several[:8])))[:_SHORT]


def _words(value: Any, most: int) -> str:
    """A text, or the name of a thing; without markup."""
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("title") or ""
    if not isinstance(value, str | int | float):
        return ""
    said = _DIRECTIONS.sub("", plain(str(value)))
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


def _place(value: Any) -> str:
    value = _first(value)
    if isinstance(value, dict):
        address = _first(value.get("address")) or value
        if isinstance(address, dict):
            parts = [_words(address.get(name), _SHORT) for name in ("addressLocality", "addressRegion")]
            said = ", ".join(part for part in parts if part)
            return said or _words(value.get("name"), _SHORT)
        return _words(address, _SHORT)
    return _words(value, _SHORT)


def _skills(node: dict[str, Any]) -> tuple[str, ...]:
    """Those that the offer lists, one by one."""
    found: list[str] = []
    for name in ("skills", "qualifications"):
        value = node.get(name)
        for one in value if isinstance(value, list) else [value]:
            text = _words(one, 2000)
            # One text that lists several, as most sites write it.
            found += [part.strip(" -–•*.") for part in re.split(r"[\n;•]|,(?!\d)", text)]
    return tuple(dict.fromkeys(part[:_SHORT] for part in found if 2 < len(part) <= 120))[:40]


def _day(value: Any) -> date | None:
    text = str(_first(value) or "").strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return None


def _web(value: Any, address: str) -> str:
    """An absolute web address, or nothing: `javascript:` is none."""
    if not isinstance(value, str) or not value.strip():
        return ""
    try:
        whole = urljoin(address, value.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    plain_ = parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r'[\s<>"{}|\\^`]', whole)
    return whole if plain_ and len(whole) <= 2000 else ""


# --- pages, feeds, graphs ---------------------------------------------------------------------------------------------


class _Data(HTMLParser):
    """What a page says as data, and the feeds that it names."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.feeds: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._inside = said.get("type", "").partition(";")[0].strip().lower() == "application/ld+json"
            if self._inside:
                self.blocks.append("")
        elif (
            tag == "link"
            and "alternate" in said.get("rel", "").lower()
            and said.get("type", "").lower() in {"application/rss+xml", "application/atom+xml"}
        ):
            self.feeds.append(said.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and len(self.blocks) <= 50:
            self.blocks[-1] += data


def _of_page(body: bytes, address: str) -> Iterator[Opportunity]:
    data = _Data()
    data.feed(body.decode("utf-8", "replace"))
    data.close()
    found: list[Opportunity] = []
    for block in data.blocks:
        try:
            found += _of_json(strict_json.parse(block.encode("utf-8", "replace")), address)
        except UnreadableFile:
            continue  # one block that is broken does not hide the others
    if not found:
        feed = next((_web(one, address) for one in data.feeds if _web(one, address)), "")
        raise NothingToWatch(reason=HAS_FEED if feed else NO_OFFER, feed=feed, address=address)
    yield from found


def _of_feed(body: bytes, address: str) -> Iterator[Opportunity]:
    """RSS 0.9 to 2.0 and Atom: items or entries, wherever they lie."""
    root = xml_tree.parse(body)
    for element in root.iter():
        if xml_tree.local(element) not in {"item", "entry"}:
            continue
        title = plain(xml_tree.raw(element, "title"))[:_SHORT]
        links = xml_tree.every(element, "link")
        link = next(
            (one.get("href") or (one.text or "") for one in links if one.get("rel", "alternate") == "alternate"), ""
        )
        identifier = xml_tree.text(element, "guid") or xml_tree.text(element, "id")
        url = _web(link, address)
        if not title:
            continue
        texts = (xml_tree.raw(element, name) for name in ("description", "encoded", "summary", "content"))
        when = (xml_tree.text(element, name) for name in ("pubDate", "published", "updated", "date"))
        categories = [plain(one.get("term") or (one.text or "")) for one in xml_tree.every(element, "category")]
        yield Opportunity(
            iri=url or f"{address}|{identifier or title}",
            title=title,
            url=url,
            organization=xml_tree.text(element, "author", "name") or xml_tree.text(element, "creator"),
            text=_words(next((text for text in texts if text), ""), _LONGEST),
            posted=_day(next((text for text in when if text), "")),
            kind=", ".join(one for one in categories if one)[:_SHORT],
        )


def _of_graph(body: bytes, media_type: str, address: str) -> Iterator[Opportunity]:
    graph = syntax.parse(body, media_type, address)
    yield from _of_json(volunteering.from_graph(graph), address)
    for node in Index(graph).of_type(terms.SCHEMA_JOB_POSTING):
        title = node.text(terms.SCHEMA_TITLE, terms.DCTERMS_TITLE, terms.SCHEMA_NAME)
        if not title:
            continue
        url = _web(node.address(terms.SCHEMA_URL) or node.iri, address)
        moment = node.moment(terms.SCHEMA_VALID_THROUGH)
        posted = node.moment(terms.SCHEMA_DATE_POSTED)
        yield Opportunity(
            iri=url or node.iri,
            title=_words(title, _SHORT),
            url=url,
            organization=_words(node.text(terms.SCHEMA_HIRING_ORGANIZATION, terms.DCTERMS_PUBLISHER) or "", _SHORT),
            place=_words(node.text(terms.SCHEMA_JOB_LOCATION, terms.SCHEMA_LOCATION) or "", _SHORT),
            text=_words(node.text(terms.SCHEMA_DESCRIPTION, terms.DCTERMS_DESCRIPTION) or "", _LONGEST),
            skills=tuple(_words(one, _SHORT) for one in node.texts(terms.SCHEMA_SKILLS))[:40],
            posted=posted.date() if isinstance(posted, datetime) else None,
            until=moment.date() if isinstance(moment, datetime) else None,
        )
