"""The person's language: gettext for the page's words, the vocabulary's labels for the domain's, Babel for dates and numbers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import flask_babel
from babel.dates import format_date
from babel.lists import format_list
from flask import Flask, Response, g, request, url_for
from flask_babel import Babel, get_locale

from musette_solid import shipped
from musette_solid.errors import MusetteError
from musette_solid.model import dates, labels
from musette_solid.model.dates import PartialDate
from musette_solid.model.references import shelf
from musette_solid.model.references.concepts import Concept
from musette_solid.model.time import Month
from musette_solid.rdf.names import local
from musette_solid.web.config import Config

#: French first: it is the language of who asks for nothing else.
LANGUAGES: Mapping[str, str] = {"fr": "Français", "en": "English"}

_YEAR_S = 365 * 24 * 3600


def gettext(msgid: str, **values: Any) -> str:
    """A sentence in the person's language."""
    return _filled(_catalogue().ugettext(msgid), values)


def ngettext(one: str, several: str, num: int, **values: Any) -> str:
    return _filled(_catalogue().ungettext(one, several, num), {"num": num, **values})


def pgettext(context: str, msgid: str, **values: Any) -> str:
    return _filled(_catalogue().upgettext(context, msgid), values)


def _filled(sentence: str, values: Mapping[str, Any]) -> str:
    return str(sentence % values if values else sentence)


def _catalogue() -> Any:
    """The sentences in the person's language. Asked a hundred times by one page; Flask-Babel looks for them each time."""
    if not g:
        return flask_babel.get_translations()  # nobody's language: as they are
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_translations()
    return found


def dated(when: date, pattern: str) -> str:
    """A date by a pattern of Babel's: `MMMM yyyy`."""
    return _dated(when, pattern, language())


@lru_cache(maxsize=4096)
def _dated(when: date, pattern: str, code: str) -> str:
    return format_date(when, pattern, locale=code)


def install(app: Flask, config: Config) -> None:
    cookie = config.cookie("musette-lang")

    def chosen() -> str:
        asked = request.args.get("lang") or request.cookies.get(cookie)
        if asked is not None and asked in LANGUAGES:
            return asked
        return request.accept_languages.best_match(list(LANGUAGES)) or "fr"

    Babel(
        app,
        default_locale="fr",
        default_translation_directories=str(shipped.WEB / "translations"),
        locale_selector=chosen,
    )
    # By the extension of Jinja that Babel has added.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda msgid: _catalogue().ugettext(msgid),
        ngettext=lambda one, several, num: _catalogue().ungettext(one, several, num),
        newstyle=True,
        pgettext=lambda context, msgid: _catalogue().upgettext(context, msgid),
        npgettext=lambda context, one, several, num: _catalogue().unpgettext(context, one, several, num),
    )

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked is not None and asked in LANGUAGES and request.method == "GET" and request.endpoint != "static":
            response.set_cookie(
                cookie, asked, max_age=_YEAR_S, secure=config.is_secure, httponly=True, samesite="Lax", path="/"
            )
        response.headers.setdefault("Content-Language", language())
        return response

    app.jinja_env.filters.update(
        duration=duration,
        day=day,
        partial=partial,
        month=month,
        decimal=decimal,
        percent=percent,
        local=local,
        moment=moment,
        sentence_case=sentence_case,
        year=_year,
        day_of=day_of,
        said=lambda told: told.sentence(gettext),
        language_of=lambda code: labels.language_name(code, language()) or code,
        label_of=label,
    )
    app.jinja_env.globals.update(
        label=label,
        definition=definition,
        period=period,
        language=language,
        language_links=language_links,
        sentences=sentences,
        count_of=count_of,
    )


def language() -> str:
    """Asked hundreds of times by one page, found once."""
    found: str | None = g.get("language")
    if found is None:
        locale = get_locale()
        found = g.language = locale.language if locale and locale.language in LANGUAGES else "fr"
    return found


def language_links() -> list[dict[str, Any]]:
    """This page in each language; none for what has no address of its own: answers to forms, and of a provider."""
    if request.method != "GET" or request.endpoint == "signin.callback":
        return []
    kept = {name: values for name, values in request.args.lists() if name != "lang"}

    def address(code: str) -> str:
        if request.endpoint is None:  # a page that does not exist; one slash, or the link would lead to another site
            return f"/{quote(request.path.lstrip('/'))}?{urlencode({**kept, 'lang': code}, doseq=True)}"
        return url_for(request.endpoint, **{**(request.view_args or {}), **kept, "lang": code})

    return [
        {
            "language": code,
            "name": name,
            "is_current": code == language(),
            "address": address(code),
        }
        for code, name in LANGUAGES.items()
    ]


def label(iri: str | None) -> str:
    return labels.label(iri, language()) if iri else ""


def definition(iri: str) -> str:
    return labels.definition(iri, language()) or ""


def concept_label(concept: Concept) -> str:
    """What a register calls a concept, in the language of the page when it has it."""
    return shelf.label(concept, language())


def quoted(words: Sequence[str]) -> str:
    """`« trésorerie », « club »`: the person's own words, given back."""
    return ", ".join(gettext("“%(words)s”", words=word) for word in words)


def sentence_case(text: str) -> str:
    """A label as it stands at the beginning of a line; the rest of it is left alone."""
    return text[:1].upper() + text[1:]


def sentences(error: MusetteError) -> tuple[str, str]:
    """What happened and what to do."""
    return error.sentences(gettext, day)


def duration(length: timedelta | int) -> str:
    """`2 h 30`; minutes are exact, never rounded. An integer counts minutes."""
    return _duration(length if isinstance(length, int) else int(length.total_seconds()) // 60, language())


@lru_cache(maxsize=4096)
def _duration(total: int, _language: str) -> str:
    """Remembered by language, as periods are."""
    hours, minutes = divmod(total, 60)
    if not hours:
        return gettext("%(minutes)s min", minutes=minutes)
    if not minutes:
        return gettext("%(hours)s h", hours=_figures(hours))
    return gettext("%(hours)s h %(minutes)02d", hours=_figures(hours), minutes=minutes)


def day(when: date) -> str:
    """`12 mars 2026`, `1er mars 2026`, `12 March 2026`."""
    return dates.in_words(when, language())


def moment(when: datetime | date) -> str:
    return day(when.date() if isinstance(when, datetime) else when)


def day_of(written: str | None) -> str:
    """The day in `2026-11-22T09:00:00Z`, or the text as it is: other applications write it."""
    if not written:
        return ""
    try:
        return day(date.fromisoformat(written[:10]))
    except ValueError:
        return written


def partial(when: PartialDate) -> str:
    """As precise as it was said: `2019`, `mars 2019`, `12 mars 2019`."""
    match when.text.count("-"):
        case 0:
            return when.text
        case 1:
            return dated(when.first(), "MMMM yyyy")
        case _:
            return day(when.first())


def _year(when: date) -> str:
    return str(when.year)


def month(when: Month) -> str:
    return dated(date(when.year, when.number, 1), "MMMM yyyy")


def period(
    start: PartialDate | None,
    end: PartialDate | None,
    start_as_written: str | None = None,
    end_as_written: str | None = None,
) -> str:
    """`mars 2019 – juin 2021`, `depuis mars 2019`, `jusqu’en 2021`; a date that was not understood, as it was written."""
    return periods()(start, end, start_as_written, end_as_written)


def periods() -> Callable[..., str]:
    """`period` in the language of the page, which is looked for once: for long lists."""
    here = language()

    def said(
        start: PartialDate | None,
        end: PartialDate | None,
        start_as_written: str | None = None,
        end_as_written: str | None = None,
    ) -> str:
        if (start_as_written and not start) or (end_as_written and not end):
            written = [partial(start) if start else start_as_written, partial(end) if end else end_as_written]
            return " – ".join(filter(None, written))
        return _period(start, end, here)

    return said


@lru_cache(maxsize=4096)
def _period(start: PartialDate | None, end: PartialDate | None, _language: str) -> str:
    """Remembered by language: a long list says the same months again and again."""
    if start and end:
        if start.text == end.text:
            return partial(start)
        return gettext("%(start)s – %(end)s", start=partial(start), end=partial(end))
    if start:
        if start.text.count("-") == 2:
            return pgettext("from a day", "since %(date)s", date=partial(start))
        return pgettext("from a month or a year", "since %(date)s", date=partial(start))
    if end:
        if end.text.count("-") == 2:
            return pgettext("to a day", "until %(date)s", date=partial(end))
        return pgettext("to a month or a year", "until %(date)s", date=partial(end))
    return gettext("dates not noted")


def decimal(number: Decimal | int) -> str:
    return _figures(number)


def percent(hundredths: int) -> str:
    """`48 %`, `48%`."""
    return str(flask_babel.format_percent(Decimal(hundredths) / 100))


def _figures(number: Decimal | int) -> str:
    return str(flask_babel.format_decimal(number))


def counts_of(counts: Mapping[str, int], kinds: Sequence[str]) -> str:
    """`2 activities, 1 skill and 3 times`: of each kind that there is."""
    found = [count_of(kind, counts.get(kind, 0)) for kind in kinds if counts.get(kind)]
    return format_list(found or [count_of("", 0)], locale=language())


def count_of(kind: str, number: int) -> str:
    """`3 activities`, as a whole phrase, for the kinds that pages count."""
    match kind:
        case "activities":
            return ngettext("%(num)d activity", "%(num)d activities", number)
        case "skills":
            return ngettext("%(num)d skill", "%(num)d skills", number)
        case "evidence":
            return ngettext("%(num)d piece of evidence", "%(num)d pieces of evidence", number)
        case "time_entries":
            return ngettext("%(num)d time", "%(num)d times", number)
        case "people":
            return ngettext("%(num)d person", "%(num)d people", number)
        case "accounts":
            return ngettext("%(num)d account", "%(num)d accounts", number)
        case "ratings":
            return ngettext("%(num)d rating", "%(num)d ratings", number)
        case "incomes":
            return ngettext("%(num)d income", "%(num)d incomes", number)
        case _:
            return ngettext("%(num)d entry", "%(num)d entries", number)
