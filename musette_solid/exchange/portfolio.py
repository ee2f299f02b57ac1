"""The page that everybody may see: one HTML file, with the same said again as JSON-LD for programs.

No script that runs, nothing asked of anybody else: style and font are inside, and the page forbids the rest itself. It is made
of a dossier (model/projection): what was not chosen has no way into it.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from rdflib import Graph, URIRef

from musette_solid import shipped
from musette_solid.exchange import cv
from musette_solid.exchange.typography import set_in
from musette_solid.model import activity as activities_model
from musette_solid.model import labels
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.dates import PartialDate, in_words
from musette_solid.model.identity import Account
from musette_solid.model.portfolio import Portfolio
from musette_solid.model.skill import Skill
from musette_solid.rdf import terms
from musette_solid.rdf.names import local

_WORDS: Final = {
    "skills": ("Compétences", "Skills"),
    "languages": ("Langues", "Languages"),
    "elsewhere": ("Ailleurs", "Elsewhere"),
    "proofs": ("Ce qui l’atteste", "What shows it"),
    "hours": ("{hours} h consacrées", "{hours} hours spent"),
    "made": (
        "Page faite le {day} avec La Musette. Elle ne compte pas ses visites et n’appelle aucun autre site.",
        "Made on {day} with La Musette. This page does not count its visits and calls no other site.",
    ),
    "since": ("depuis {start}", "since {start}"),
    "skip": ("Aller au contenu", "Skip to the content"),
    "with": ("Compétences mises en œuvre", "Skills put to use"),
}


@dataclass(frozen=True)
class Page:
    """The bytes; `texts`: every text and link that is on it, to look for what should not be."""

    data: bytes
    texts: tuple[str, ...]
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def page(chosen: Portfolio, dossier: Graph, accounts: Sequence[Account]) -> Page:
    """`dossier`: what `model.projection` made of the choice, for the page's own address. Always the same bytes for the same."""
    writing = _Writing(chosen, activities_model.read(dossier), skills_model.read(dossier), tuple(accounts))
    return Page(writing.html(), tuple(writing.texts), writing.activities, writing.skills)


class _Writing:
    def __init__(
        self,
        chosen: Portfolio,
        activities: tuple[Activity, ...],
        skills: tuple[Skill, ...],
        accounts: tuple[Account, ...],
    ) -> None:
        self.chosen = chosen
        self.activities = activities
        self.skills = skills
        self._accounts = accounts
        self._names = {one.iri: one.label for one in skills}
        self.texts: list[str] = []

    def html(self) -> bytes:
        style = _style()
        title = self._text(self.chosen.name or self._word("skills"))
        headline = self._text(self.chosen.headline)
        parts = [
            f'<!doctype html>\n<html lang="{self.chosen.language}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{title}</title>",
            f'<meta name="description" content="{headline}">' if headline else "",
            f"<style>{style}</style></head><body>",
            f'<header><p class="thread" aria-hidden="true"></p><h1>{title}</h1>',
            f'<p class="headline">{headline}</p>' if headline else "",
            self._paragraphs(self.chosen.about, "about"),
            "</header><main>",
            *(self._section(key, title_, ones) for key, title_, ones in self._sections()),
            "</main>",
            self._aside(),
            f"<footer><p>{self._text(self._made())}</p></footer>",
            f'<script type="application/ld+json">{self._json_ld()}</script>',
            "</body></html>\n",
        ]
        return "".join(parts).encode()

    def _word(self, key: str) -> str:
        return _WORDS[key][0 if self.chosen.language == "fr" else 1]

    def _made(self) -> str:
        day = in_words(self.chosen.saved_at.date(), self.chosen.language)
        return self._word("made").format(day=day)

    def _text(self, text: str | None) -> str:
        if not text:
            return ""
        self.texts.append(text)
        return escape(set_in(text, self.chosen.language))

    def _paragraphs(self, text: str | None, kind: str = "") -> str:
        mark = f' class="{kind}"' if kind else ""
        lines = (line.strip() for line in (text or "").splitlines())
        return "".join(f"<p{mark}>{self._text(line)}</p>" for line in lines if line)

    def _link(self, url: str | None, inside: str, rel: str = "noreferrer") -> str:
        if not url or not url.startswith(("https://", "http://")):
            return inside
        self.texts.append(url)
        return f'<a href="{escape(url)}" rel="{rel}">{inside}</a>'

    def _sections(self) -> list[tuple[str, str, list[Activity]]]:
        found = []
        for key, title in cv.sections(self.chosen.language):
            ones = [one for one in self.activities if cv.section_of(one) == key]
            if ones:
                found.append((key, title, ones))
        return found

    def _section(self, key: str, title: str, ones: Sequence[Activity]) -> str:
        inside = "".join(self._activity(one) for one in ones)
        return f'<section class="{key}" aria-labelledby="{key}"><h2 id="{key}">{escape(title)}</h2>{inside}</section>'

    def _activity(self, one: Activity) -> str:
        said = cv.period(one, self.chosen.language, self._word("since"))
        organization = one.organization
        named = self._link(organization.url, self._text(organization.name)) if organization else ""
        place = self._text(one.location)
        where = " · ".join(text for text in (named, place) if text)
        role = self._text(one.role) if one.role and one.role != one.title else ""
        skills = [self._names[iri] for iri in one.mobilises if self._names.get(iri)]
        parts = [
            f'<article id="{escape(local(one.iri))}">',
            f'<p class="when">{escape(said)}</p>' if said else "",
            f"<h3>{self._text(one.title)}</h3>",
            f'<p class="where">{" · ".join(text for text in (role, where) if text)}</p>' if role or where else "",
            self._hours(one),
            self._paragraphs(one.description),
            f"<ul>{''.join(f'<li>{self._text(text)}</li>' for text in one.achievements)}</ul>"
            if one.achievements
            else "",
            self._chips(self._word("with"), [self._text(text) for text in skills]),
            self._proofs(one.evidence),
            "</article>",
        ]
        return "".join(parts)

    def _hours(self, one: Activity) -> str:
        if not one.total_minutes or one.total_minutes < 60:
            return ""
        return f'<p class="where">{escape(self._word("hours").format(hours=one.total_minutes // 60))}</p>'

    def _chips(self, title: str, items: Sequence[str]) -> str:
        if not items:
            return ""
        return (
            f'<ul class="chips" aria-label="{escape(title)}">' + "".join(f"<li>{one}</li>" for one in items) + "</ul>"
        )

    def _proofs(self, pieces: Sequence[Evidence]) -> str:
        if not pieces:
            return ""
        said = []
        for piece in pieces:
            extra = " · ".join(
                text for text in (self._text(piece.publisher), _dated(piece.date, self.chosen.language)) if text
            )
            said.append(
                f"<li>{self._link(piece.url, self._text(piece.title))}{f' <span>{extra}</span>' if extra else ''}</li>"
            )
        return f'<ul class="proofs" aria-label="{escape(self._word("proofs"))}">{"".join(said)}</ul>'

    def _aside(self) -> str:
        plain = [one for one in self.skills if not one.is_language and one.label]
        spoken = [one for one in self.skills if one.is_language and one.label]
        parts = [self._skills("skills", plain), self._skills("languages", spoken)]
        if self._accounts:
            items = "".join(
                f"<li>{self._link(one.url, self._text(one.name), 'me noreferrer')}{self._place(one)}</li>"
                for one in self._accounts
            )
            parts.append(self._block("elsewhere", f'<ul class="list">{items}</ul>'))
        inside = "".join(parts)
        return f"<aside>{inside}</aside>" if inside else ""

    def _place(self, one: Account) -> str:
        return f" <span>{self._text(one.place)}</span>" if one.place else ""

    def _block(self, key: str, inside: str) -> str:
        return f'<section aria-labelledby="{key}"><h2 id="{key}">{escape(self._word(key))}</h2>{inside}</section>'

    def _skills(self, key: str, found: Sequence[Skill]) -> str:
        if not found:
            return ""
        items = []
        for one in found:
            level = self._level(one)
            items.append(
                f'<li id="{escape(local(one.iri))}">{self._text(one.label)}'
                f"{f' <span>{self._text(level)}</span>' if level else ''}"
                f"{self._paragraphs(one.description)}{self._proofs(one.evidence)}</li>"
            )
        return self._block(key, f'<ul class="list">{"".join(items)}</ul>')

    def _level(self, one: Skill) -> str:
        current = one.current
        if current is None:
            return ""
        return labels.label(current.level, self.chosen.language) if current.level else current.as_stated or ""

    def _json_ld(self) -> str:
        """The same things as schema.org says them; `<` never stands in it, so it cannot end its element."""
        person: dict[str, Any] = {"@id": "#me", "@type": "Person", "name": self.chosen.name}
        _say(person, "jobTitle", self.chosen.headline)
        _say(person, "description", self.chosen.about)
        _say(person, "knowsAbout", [self._skill_ld(one) for one in self.skills if not one.is_language and one.label])
        _say(person, "knowsLanguage", [one.label for one in self.skills if one.is_language and one.label])
        _say(person, "sameAs", [one.url for one in self._accounts if _is_web(one.url)])
        for one in self.activities:
            person.setdefault(_RELATION.get(one.sphere, "performerIn"), []).append(self._activity_ld(one))
        document = {
            "@context": {"@vocab": "http://schema.org/"},
            "@type": "ProfilePage",
            "inLanguage": self.chosen.language,
            "dateModified": self.chosen.saved_at.date().isoformat(),
            "mainEntity": person,
        }
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def _skill_ld(self, one: Skill) -> dict[str, Any]:
        said: dict[str, Any] = {"@id": f"#{local(one.iri)}", "@type": "DefinedTerm", "name": one.label}
        _say(said, "description", one.description)
        _say(said, "disambiguatingDescription", self._level(one))
        return said

    def _activity_ld(self, one: Activity) -> dict[str, Any]:
        """A role in an organisation, as schema.org has it: the relation's own name again inside it."""
        relation = _RELATION.get(one.sphere, "performerIn")
        is_event = relation == "performerIn"
        said: dict[str, Any] = {"@id": f"#{local(one.iri)}", "@type": "Event" if is_event else "OrganizationRole"}
        said["name"] = one.title
        if not is_event:
            _say(said, "roleName", one.role or one.title)
        _say(said, "startDate", one.start.text if one.start else None)
        _say(said, "endDate", one.end.text if one.end else None)
        _say(said, "description", "\n".join(text for text in (one.description, *one.achievements) if text))
        if one.organization and one.organization.name:
            there: dict[str, Any] = {"@type": "Organization", "name": one.organization.name}
            _say(there, "url", one.organization.url if _is_web(one.organization.url) else None)
            said["organizer" if is_event else relation] = there
        _say(said, "location", one.location)
        _say(
            said,
            "subjectOf",
            [
                {"@type": "CreativeWork", "name": piece.title, **({"url": piece.url} if _is_web(piece.url) else {})}
                for piece in one.evidence
            ],
        )
        return said


_RELATION: Final[dict[URIRef | None, str]] = {
    terms.SPHERE_EMPLOYMENT: "worksFor",
    terms.SPHERE_SELF_EMPLOYMENT: "worksFor",
    terms.SPHERE_PLATFORM_WORK: "worksFor",
    terms.SPHERE_VOLUNTEERING: "memberOf",
    terms.SPHERE_CIVIC_ENGAGEMENT: "memberOf",
    terms.SPHERE_TRAINING: "alumniOf",
}


def _say(said: dict[str, Any], name: str, value: object) -> None:
    if value:
        said[name] = value


def _is_web(url: str | None) -> bool:
    try:
        return bool(url) and urlsplit(url or "").scheme in {"http", "https"}
    except ValueError:
        return False


def _dated(said: PartialDate | None, language: str) -> str:
    return cv.dated(said, language)


@lru_cache(maxsize=1)
def _style() -> str:
    """The style sheet, the font of its titles inside it: nothing is asked of anybody, and titles look the same everywhere."""
    font = base64.b64encode((shipped.WEB / "static" / "fonts" / "besley.woff2").read_bytes()).decode()
    sheet = (shipped.WEB / "cv" / "portfolio.css").read_text("utf-8")
    return sheet.replace("FONT", f"data:font/woff2;base64,{font}")


@lru_cache(maxsize=1)
def policy() -> str:
    """What a browser that reads the page may do: show it. No script, no request, no form, no frame."""
    digest = base64.b64encode(sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; form-action 'none'"
