"""The days to keep of a person's rights: declarations, expiries, answers that platforms owe."""

from collections.abc import Callable

from musette_solid.errors import N_
from musette_solid.exchange.deadlines import DayToKeep
from musette_solid.model.rights.explanation import explain, say
from musette_solid.rdf.names import local
from musette_solid.usecases.ask_platform import requests
from musette_solid.usecases.explain_rights import Rights
from musette_solid.usecases.layout import Bag

#: Titles, for whoever shows them to translate.
NAME = N_("Deadlines of my rights")
EXPIRES = N_("%(right)s expires")
ANSWER_DUE = N_("Answer due from %(platform)s")


def list_deadlines(bag: Bag, rights: Rights, language: str, translate: Callable[..., str]) -> tuple[DayToKeep, ...]:
    """By day. Each keeps its name whenever it is listed again: a calendar moves it, never doubles it."""
    found = []
    for standing in rights.standings:
        for conclusion in standing.conclusions:
            said = explain(conclusion, language)
            text = " ".join([said.lines[-1].text if said.lines else said.summary, said.remedy]).strip()
            subject = f"-{local(conclusion.subject)}" if conclusion.subject else ""
            found += [
                DayToKeep(
                    f"{local(conclusion.rule.iri)}-{deadline.year}{subject}@musette",
                    deadline.on,
                    f"{said.title} ({deadline.year})",
                    text,
                )
                for deadline in conclusion.deadlines
            ]
        if standing.expires:
            title = translate(EXPIRES, right=say(standing.scheme.title, language))
            found.append(DayToKeep(f"{standing.scheme.slug}-expires@musette", standing.expires, title, title))
    for request in requests(bag):
        if not request.replies:
            title = translate(ANSWER_DUE, platform=request.platform)
            found.append(DayToKeep(f"{local(request.iri)}@musette", request.due, title, title))
    return tuple(sorted(found, key=lambda day: (day.on, day.uid)))
