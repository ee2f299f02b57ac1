"""A CV: what was chosen of a bag, in an order and in words that can be read aloud; as HTML and as PDF.

Each line keeps the name of the thing it was made from: `data-source` in the HTML, the list of a version that was kept.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from html import escape
from typing import Any, Final

import typst
from babel.dates import format_date
from rdflib import URIRef

from musette_solid import shipped
from musette_solid.exchange.typography import set_in
from musette_solid.model import labels
from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate, in_words
from musette_solid.model.skill import Skill
from musette_solid.rdf import terms
from musette_solid.rdf.names import local

LAYOUTS: Final = ("sober", "columns", "passport")
LANGUAGES: Final = ("fr", "en")

_SECTIONS: Final[tuple[tuple[str, frozenset[URIRef]], ...]] = (
    (
        "work",
        frozenset({terms.SPHERE_EMPLOYMENT, terms.SPHERE_SELF_EMPLOYMENT, terms.SPHERE_PLATFORM_WORK}),
    ),
    ("engagement", frozenset({terms.SPHERE_VOLUNTEERING, terms.SPHERE_CIVIC_ENGAGEMENT})),
    ("training", frozenset({terms.SPHERE_TRAINING})),
    ("projects", frozenset({terms.SPHERE_PERSONAL_PROJECT})),
    ("other", frozenset({terms.SPHERE_CARE, terms.SPHERE_JOB_SEARCH, terms.SPHERE_BREAK})),
)
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "work": ("Expérience professionnelle", "Work experience"),
    "engagement": ("Engagements", "Volunteering and civic life"),
    "training": ("Formation", "Education and training"),
    "projects": ("Projets", "Projects"),
    "other": ("Autres expériences", "Other experience"),
    "skills": ("Compétences", "Skills"),
    "languages": ("Langues", "Languages"),
    "proofs": ("Certificats et attestations", "Certificates and credentials"),
    "passport": ("Passeport de compétences", "Skills passport"),
    "since": ("depuis {start}", "since {start}"),
    "sources": ("D’où vient chaque ligne", "Where each line comes from"),
    "used": ("Mise en œuvre\u00a0: ", "Put to use: "),
    "shown": ("Preuves\u00a0: ", "Evidence: "),
    "made": ("Fait le {day} avec La Musette", "Made on {day} with La Musette"),
}


@dataclass(frozen=True)
class Line:
    """One thing on the page; `source` is the name it has in the bag, without the address of anybody's space."""

    source: str
    title: str
    period: str = ""
    where: str = ""
    text: str = ""
    points: tuple[str, ...] = ()
    link: str = ""
    rank: int = 0  # of the level on the scale, from 1 to 5; 0: not on it


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Cv:
    name: str
    headline: str
    language: str
    layout: str
    made: str
    sections: tuple[Section, ...]
    skills: tuple[Line, ...]
    languages: tuple[Line, ...]
    proofs: tuple[Line, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    contact: tuple[str, ...] = ()
    about: str = ""

    @property
    def _lines(self) -> tuple[Line, ...]:
        lines = [line for section in self.sections for line in section.lines]
        return (*lines, *self.skills, *self.languages, *self.proofs)

    @property
    def sources(self) -> tuple[str, ...]:
        """Everything that it was made from."""
        return tuple(line.source for line in self._lines)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that the person or their bag says in it."""
        lines = (text for line in self._lines for text in (line.title, line.where, line.text, *line.points, line.link))
        return (self.name, self.headline, self.about, *self.contact, *filter(None, lines))

    @property
    def traced(self) -> list[dict[str, str]]:
        """Each line with the thing that it was made from: attached to the PDF, as `data-source` is in the HTML."""
        return [{"line": line.title, "period": line.period, "source": line.source} for line in self._lines]


def compose(
    activities: Iterable[Activity],
    skills: Iterable[Skill],
    *,
    name: str,
    today: date,
    headline: str = "",
    about: str = "",
    contact: Iterable[str] = (),
    language: str = "fr",
    layout: str = "sober",
    chosen: Collection[str] | None = None,
) -> Cv:
    """The CV of what was chosen (IRIs; None: everything but care, search and breaks, which are only there when chosen).

    `contact`: how to reach the person, a line each: only what is typed for this CV. Texts are set as their language wants.
    """

    def word(key: str) -> str:
        return _WORDS[key][0 if language == "fr" else 1]

    def taken(iri: str, sphere: URIRef | None = None) -> bool:
        return sphere not in _SECTIONS[-1][1] if chosen is None else iri in chosen

    kept = [one for one in activities if taken(one.iri, one.sphere)]
    known = [one for one in skills if taken(one.iri)]
    sections = [
        Section(
            key, word(key), tuple(_activity(one, language, word("since")) for one in kept if section_of(one) == key)
        )
        for key, _ in _SECTIONS
    ]
    proofs = {piece.iri: piece for skill in known for piece in skill.evidence}
    made = Cv(
        name=name,
        headline=headline,
        about=about,
        contact=tuple(line.strip() for line in contact if line.strip()),
        language=language,
        layout=layout,
        made=word("made").format(day=in_words(today, language)),
        sections=tuple(section for section in sections if section.lines),
        skills=tuple(_skill(one, kept, language) for one in known if not one.is_language and one.label),
        languages=tuple(_skill(one, (), language) for one in known if one.is_language and one.label),
        proofs=tuple(
            Line(local(one.iri), one.title, dated(one.date, language), one.publisher or "", link=_web(one.url))
            for one in proofs.values()
        ),
        words={key: word(key) for key in _WORDS},
    )
    return _typeset(made)


def _typeset(made: Cv) -> Cv:
    """The same, its texts as its language sets them. Links and names of sources stay as they are."""

    def text(said: str) -> str:
        return set_in(said, made.language)

    def line(one: Line) -> Line:
        return replace(
            one,
            title=text(one.title),
            where=text(one.where),
            text=text(one.text),
            points=tuple(map(text, one.points)),
        )

    def lines(found: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(map(line, found))

    return replace(
        made,
        headline=text(made.headline),
        about=text(made.about),
        sections=tuple(replace(section, lines=lines(section.lines)) for section in made.sections),
        skills=lines(made.skills),
        languages=lines(made.languages),
        proofs=lines(made.proofs),
    )


def sections(language: str) -> tuple[tuple[str, str], ...]:
    """The parts of a page of activities, in order: their key and their title."""
    return tuple((key, _WORDS[key][0 if language == "fr" else 1]) for key, _ in _SECTIONS)


def section_of(one: Activity) -> str:
    return next((key for key, spheres in _SECTIONS if one.sphere in spheres), "other")


def _activity(one: Activity, language: str, since: str) -> Line:
    organization = one.organization.name if one.organization else ""
    role = one.role if one.role != one.title else ""
    where = " · ".join(text for text in (role, organization, one.location) if text and text != one.title)
    return Line(
        local(one.iri),
        one.title,
        period(one, language, since),
        where,
        one.description or "",
        one.achievements,
        _web(next((piece.url for piece in one.evidence if piece.url), None)),
    )


def period(one: Activity, language: str, since: str) -> str:
    start = dated(one.start, language) or one.start_as_written or ""
    end = dated(one.end, language) or one.end_as_written or ""
    if start and not one.has_end:
        return since.format(start=start)
    return start if start == end else " – ".join(text for text in (start, end) if text)


def dated(said: PartialDate | None, language: str) -> str:
    if said is None:
        return ""
    # A month is as precise as a CV needs to be.
    pattern = "MMM y" if said.month else "y"
    return str(format_date(said.first(), pattern, locale=language))


def _skill(one: Skill, used: Iterable[Activity], language: str) -> Line:
    current = one.current
    level, rank = "", 0
    if current is not None:
        level = labels.label(current.level, language) if current.level else current.as_stated or ""
        scale = labels.concepts(terms.LEVELS)
        rank = scale.index(current.level) + 1 if current.level in scale else 0
    where = tuple(activity.title for activity in used if one.iri in activity.mobilises)
    shown = tuple(piece.title for piece in one.evidence)
    return Line(local(one.iri), one.label, level, "\n".join(where), one.description or "", shown, rank=rank)


def _web(url: str | None) -> str:
    return url if url and url.startswith(("https://", "http://")) else ""


def pdf(cv: Cv) -> bytes:
    """Typeset by typst from web/cv/{layout}.typ; texts are data there, never markup. Fonts are inside."""
    source = shipped.WEB / "cv" / f"{cv.layout if cv.layout in LAYOUTS else LAYOUTS[0]}.typ"
    said = asdict(cv) | {"traced": json.dumps(cv.traced, ensure_ascii=False, indent=2)}
    made: Any = typst.compile(
        str(source), sys_inputs={"cv": json.dumps(said, ensure_ascii=False)}, pdf_standards=["ua-1"]
    )
    return bytes(made)


def html(cv: Cv) -> bytes:
    """A whole page: no script, nothing from elsewhere; it prints well."""
    style = (shipped.WEB / "cv" / "cv.css").read_text("utf-8")
    head = f'<!doctype html><html lang="{cv.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    parts = [
        head,
        f'<title>{escape(cv.name)}</title><style>{style}</style></head><body class="{escape(cv.layout)}"><header>',
    ]
    parts.append(
        f"<h1>{escape(cv.name)}</h1>"
        + (f'<p class="headline">{escape(cv.headline)}</p>' if cv.headline else "")
        + (f'<p class="contact">{" · ".join(map(escape, cv.contact))}</p>' if cv.contact else "")
        + "".join(f"<p>{escape(part)}</p>" for part in cv.about.splitlines() if part.strip())
        + "</header><main>"
    )
    if cv.layout != "passport":
        parts += [_html_section(section.title, section.lines) for section in cv.sections]
    parts.append("</main><aside>" if cv.layout != "passport" else "")
    if cv.skills:
        items = "".join(_html_skill(cv, line) for line in cv.skills)
        title = cv.words["passport" if cv.layout == "passport" else "skills"]
        parts.append(f"<section><h2>{escape(title)}</h2><ul>{items}</ul></section>")
    if cv.languages:
        items = "".join(_html_skill(cv, line) for line in cv.languages)
        parts.append(f"<section><h2>{escape(cv.words['languages'])}</h2><ul>{items}</ul></section>")
    if cv.proofs:
        parts.append(_html_section(cv.words["proofs"], cv.proofs))
    parts.append("</aside>" if cv.layout != "passport" else "</main>")
    parts.append(f"<footer>{escape(cv.made)}</footer></body></html>")
    return "".join(parts).encode()


def _html_section(title: str, lines: Iterable[Line]) -> str:
    found = []
    for line in lines:
        name = (
            f'<a href="{escape(line.link)}" rel="noreferrer">{escape(line.title)}</a>'
            if line.link
            else escape(line.title)
        )
        found.append(f'<article data-source="{escape(line.source)}"><h3>{name}</h3>')
        found += [
            f'<p class="{kind}">{escape(text)}</p>'
            for kind, text in (("when", line.period), ("where", line.where))
            if text
        ]
        found += [f"<p>{escape(part)}</p>" for part in line.text.splitlines() if part.strip()]
        found.append(
            "<ul>" + "".join(f"<li>{escape(point)}</li>" for point in line.points) + "</ul>" if line.points else ""
        )
        found.append("</article>")
    return f"<section><h2>{escape(title)}</h2>{''.join(found)}</section>"


def _html_skill(cv: Cv, line: Line) -> str:
    said = f'<li data-source="{escape(line.source)}">{escape(line.title)}'
    if line.period:
        said += f" <small>{escape(line.period)}</small>"
    if cv.layout == "passport":
        if line.text:
            said += f"<p>{escape(line.text)}</p>"
        if line.where:
            said += f"<p><small>{escape(cv.words['used'])}{escape(', '.join(line.where.splitlines()))}</small></p>"
        if line.points:
            said += f"<p><small>{escape(cv.words['shown'])}{escape(', '.join(line.points))}</small></p>"
    return said + "</li>"
