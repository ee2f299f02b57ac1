"""Archives of GitHub and of Mastodon: projects with their dates and languages, the account itself; the words of others stay inside."""

import io
import tarfile
from collections.abc import Iterator
from typing import Any, Final

from musette_solid.errors import N_
from musette_solid.exchange import loose_dates, strict_json
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.linkedin import ABOUT_YOU, OTHERS
from musette_solid.exchange.markup import plain
from musette_solid.exchange.packages import LARGEST, LARGEST_ENTRY, is_inside
from musette_solid.exchange.source import Source
from musette_solid.model.dates import PartialDate
from musette_solid.rdf import terms

_NOT_A_TAR: Final = N_(
    "a compressed archive (tar.gz) that is whole, of at most 2 GB once opened, its data (JSON) at most 50 MB"
)
_EXPECTED: Final = N_("an archive of GitHub or Mastodon")
_FORK: Final = N_("“%(value)s” is a copy of somebody else's project")
_POSTS: Final = N_("%(value)s posts: your bag has no place for them yet")
_NO_PLACE: Final = N_("“%(value)s”: your bag has no place for it yet")
_MOST: Final = 200_000
_LARGEST_WHOLE: Final = 2 * 1024 * 1024 * 1024

GITHUB: Final = "https://github.com/"


def members(data: bytes, file: str = "") -> Iterator[tuple[str, bytes]]:
    """The files of a tar.gz, never unpacked to a disk; counted while they are read."""
    read = whole = count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r|gz") as archive:
            for entry in archive:
                name = entry.name.removeprefix("./").rstrip("/")
                is_ours = name.endswith(".json")
                count += 1
                whole += entry.size
                read += entry.size if is_ours else 0
                # Pictures and the history of projects go by unread, a lifetime of them.
                too_much = count > _MOST or whole > _LARGEST_WHOLE or read > LARGEST
                is_plain = entry.isfile() or entry.isdir() or not is_ours
                if (
                    too_much
                    or not is_plain
                    or (name and not is_inside(name))
                    or (is_ours and entry.size > LARGEST_ENTRY)
                ):
                    raise UnreadableFile(file=file, expected=_NOT_A_TAR)
                opened = archive.extractfile(entry) if entry.isfile() and is_ours else None
                if opened is not None:
                    yield name, opened.read(LARGEST_ENTRY + 1)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise UnreadableFile(file=file, expected=_NOT_A_TAR) from error


def _files(source: Source) -> Iterator[tuple[str, bytes]]:
    if source.data[:2] == b"\x1f\x8b":
        yield from members(source.data, source.name)
        return
    for name in source.package.names:
        if name.endswith(".json"):
            yield name.rpartition("/")[2], source.package.read(name)


def kind_of(names: frozenset[str]) -> str:
    """`mastodon`, `github` or "": by the files that only one of them has."""
    last = {name.rpartition("/")[2] for name in names}
    if {"actor.json", "outbox.json"} <= last:
        return "mastodon"
    if any(name.startswith(("repositories_", "users_", "bare_git")) for name in last):
        return "github"
    return ""


def read_github(source: Source, draft: Draft) -> None:
    found = False
    if source.data.lstrip()[:1] in {b"[", b"{"}:
        said = strict_json.parse(source.data, source.name)
        for number, one in enumerate(said if isinstance(said, list) else [said]):
            found = _repository(f"/{number}", one, draft) or found
    else:
        for name, data in _files(source):
            last = name.rpartition("/")[2]
            said = strict_json.parse(data, name)
            entries = said if isinstance(said, list) else [said]
            if last.startswith("repositories_"):
                for at, one in enumerate(entries):
                    found = _repository(f"{name}#/{at}", one, draft) or found
            elif last.startswith("users_"):
                for at, one in enumerate(entries):
                    found = _user(f"{name}#/{at}", one, draft) or found
            elif entries and last != "schema.json":
                draft.lose(name, OTHERS, len(entries))
    if not found:
        raise UnreadableFile(file=source.name, expected=_EXPECTED)


def is_repositories(value: Any) -> bool:
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and "full_name" in first and ("fork" in first or "html_url" in first)


def _repository(place: str, one: Any, draft: Draft) -> bool:
    if not isinstance(one, dict):
        return False
    url = str(one.get("html_url") or one.get("url") or "")
    name = str(one.get("name") or one.get("full_name") or "")
    if not name:
        return False
    if one.get("fork") is True:
        draft.lose(place, _FORK, one.get("full_name") or name)
        return True
    node = draft.activity(
        place,
        name,
        terms.SPHERE_PERSONAL_PROJECT,
        start=_day(one.get("created_at")),
        end=_day(one.get("pushed_at")) if one.get("archived") is True else None,
        description=one.get("description"),
        key=("repository", url or name),
        asked=one.get("private") is True,
    )
    address = draft.link(place, url)
    # What is private is asked for by itself: nothing else speaks of it.
    if node is not None and address and one.get("private") is not True:
        draft.evidence(place, name, url=address, about=[node], document="activities")
    language = one.get("language")
    topics = one.get("topics")
    for label in [language, *(topics if isinstance(topics, list) else [])]:
        skill = draft.skill(place, label) if isinstance(label, str) else None
        if node is not None and skill is not None:
            draft.say("activities", node, terms.MOBILISES, skill)
    return True


def _user(place: str, one: Any, draft: Draft) -> bool:
    if not isinstance(one, dict) or not (one.get("login") or one.get("url")):
        return False
    url = draft.link(place, one.get("html_url") or one.get("url"))
    login = one.get("login") or (url or "").rstrip("/").rpartition("/")[2]
    draft.account(place, GITHUB, login, url, facet=terms.FACET_PROFESSIONAL)
    for key in ("name", "emails", "email", "bio", "location", "company"):
        if one.get(key):
            draft.lose(f"{place}/{key}", ABOUT_YOU)
    return True


def _day(value: Any) -> PartialDate | None:
    return loose_dates.said(str(value)[:10]) if value else None


def read_mastodon(source: Source, draft: Draft) -> None:
    found = False
    for name, data in _files(source):
        last = name.rpartition("/")[2]
        said = strict_json.parse(data, name)
        if not isinstance(said, dict):
            continue
        if last == "actor.json":
            found = True
            _actor(f"{name}#", said, draft)
        elif last == "outbox.json":
            items = said.get("orderedItems")
            draft.lose(name, _POSTS, len(items) if isinstance(items, list) else 0)
        else:
            draft.lose(name, _NO_PLACE, last)
    if not found:
        raise UnreadableFile(file=source.name, expected=_EXPECTED)


def _actor(place: str, actor: dict[str, Any], draft: Draft) -> None:
    url = draft.link(place, actor.get("url") or actor.get("id"))
    handle = str(actor.get("preferredUsername") or "")
    host = (url or "").partition("//")[2].partition("/")[0]
    name = f"@{handle}@{host}" if handle and host else handle
    draft.account(place, f"https://{host}/" if host else "", name, url, facet=terms.FACET_PERSONAL)
    if plain(str(actor.get("summary") or "")):
        draft.lose(f"{place}/summary", ABOUT_YOU)
    attached = actor.get("attachment")
    for number, one in enumerate(attached if isinstance(attached, list) else []):
        draft.lose(f"{place}/attachment/{number}", ABOUT_YOU, one.get("name") if isinstance(one, dict) else "")
