"""The days to keep of a person's rights: declarations, expiries, answers that platforms owe."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from musette_solid.exchange.deadlines import DayToKeep
from musette_solid.model.rights.explanation import explain, fill, say
from musette_solid.model.rights.schemes import Texts
from musette_solid.rdf.names import local
from musette_solid.usecases.ask_platform import requests
from musette_solid.usecases.explain_rights import Rights
from musette_solid.usecases.layout import Bag

#: A calendar is made where no page is, in the language that it was asked for.
NAME: Final[Texts] = {"fr": "Échéances de mes droits", "en": "Deadlines of my rights"}
_EXPIRES: Final[Texts] = {"fr": "{right}\u00a0: expiration", "en": "{right} expires"}
_ANSWER_DUE: Final[Texts] = {"fr": "Réponse attendue de {platform}", "en": "Answer due from {platform}"}
_A_DAY: Final[Texts] = {"fr": "Une échéance de ma musette", "en": "A day to keep of my bag"}
_WHERE: Final[Texts] = {
    "fr": "Ouvrez votre musette, page «\u00a0Mes droits\u00a0», pour savoir laquelle.",
    "en": "Open your bag, page “My rights”, to know which.",
}
#: The right that says by itself that somebody near is ill or old.
_NEVER_NAMED: Final = frozenset({"carers"})


def list_deadlines(bag: Bag, rights: Rights, language: str) -> tuple[DayToKeep, ...]:
    """By day. Each keeps its name whenever it is listed again: a calendar moves it, never doubles it."""
    return _sorted(day for _, day in _days(bag, rights, language))


def shown_to_others(bag: Bag, rights: Rights, language: str, salt: str, *, named: bool) -> tuple[DayToKeep, ...]:
    """Days to come, for a calendar that others may see: what each is about only if `named`, and never that of carers.

    `salt`: of this calendar, so that a name that says nothing cannot be found out by trying names.
    """
    return _sorted(
        _told(day, language, salt, plainly=named and slug not in _NEVER_NAMED)
        for slug, day in _days(bag, rights, language)
        if day.on >= rights.outcome.as_of
    )


def _sorted(days: Iterable[DayToKeep]) -> tuple[DayToKeep, ...]:
    return tuple(sorted(days, key=lambda day: (day.on, day.uid)))


def _told(day: DayToKeep, language: str, salt: str, *, plainly: bool) -> DayToKeep:
    uid = f"{sha256(f'{salt} {day.uid}'.encode()).hexdigest()[:24]}@musette"
    if plainly:
        return DayToKeep(uid, day.on, day.title, day.text)
    return DayToKeep(uid, day.on, say(_A_DAY, language), say(_WHERE, language))


def _days(bag: Bag, rights: Rights, language: str) -> Iterator[tuple[str, DayToKeep]]:
    """Each day with the name of the file of the right that it is about; nothing for a letter."""
    for standing in rights.standings:
        slug = standing.scheme.slug
        for conclusion in standing.conclusions:
            said = explain(conclusion, language)
            text = " ".join([said.lines[-1].text if said.lines else said.summary, said.remedy]).strip()
            subject = f"-{local(conclusion.subject)}" if conclusion.subject else ""
            for deadline in conclusion.deadlines:
                uid = f"{local(conclusion.rule.iri)}-{deadline.year}{subject}@musette"
                yield slug, DayToKeep(uid, deadline.on, f"{said.title} ({deadline.year})", text)
        if standing.expires:
            title = fill(say(_EXPIRES, language), {"right": say(standing.scheme.title, language)}, language)
            yield slug, DayToKeep(f"{slug}-expires@musette", standing.expires, title, title)
    for request in requests(bag):
        if not request.replies:
            title = fill(say(_ANSWER_DUE, language), {"platform": request.platform}, language)
            yield "", DayToKeep(f"{local(request.iri)}@musette", request.due, title, title)
