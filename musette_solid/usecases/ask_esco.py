"""Ask ESCO's web service, only when a person says so: their words or the name of an occupation leave, and nothing else.

Each request passes the guard, carries nobody's name, and is limited in size and in time. What the service says of an
occupation is kept on this machine, and asked once.
"""

import os
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange import esco_answers
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.model.references.concepts import Concept, Kind, Link, canonical
from musette_solid.model.references.shelf import Shelf
from musette_solid.pod.errors import NotThere, PodError, for_status
from musette_solid.pod.http import Response, Transport
from musette_solid.pod.webid import get_following
from musette_solid.rdf.names import origin
from musette_solid.usecases.bridge_to import UnknownOccupation

#: Where the European Commission answers (https://esco.ec.europa.eu/en/use-esco/use-esco-services-api/esco-web-service-api).
ADDRESS: Final = "https://ec.europa.eu/esco/api"
#: The version whose names are asked for; a service that no longer has it is asked for its own.
VERSION: Final = "v1.2.0"
LANGUAGES: Final = ("fr", "en")
MOST: Final = 12

_TYPES: Final = {Kind.SKILL: "skill", Kind.OCCUPATION: "occupation"}


class EscoSilent(MusetteError):
    what = N_("ESCO's service (%(host)s) gave no answer that can be used.")
    do = N_("What is on this machine goes on working; try again later. Nothing was changed.")


class NotKeptHere(MusetteError):
    what = N_("What ESCO answered could not be kept on this machine.")
    do = N_(
        "Whoever runs this place has to let it write, and leave room, where registers are installed. Nothing was changed."
    )


class NotAskedOnline(MusetteError):
    what = N_("ESCO's service is not asked from here.")
    do = N_("Whoever runs this place chose so. What is on this machine can be searched all the same.")


def search(transport: Transport, shelf: Shelf, at: str, words: str, kind: Kind, language: str) -> tuple[Concept, ...]:
    """What the service finds for these words, the best first. Raises EscoSilent, NotAskedOnline.

    The words are kept nowhere; the concepts are, so that one that is chosen can be named.
    """
    language = _language(language)
    if not words.strip():
        return ()
    asked = {"text": words.strip(), "type": _TYPES[kind], "language": language, "limit": str(MOST), "full": "false"}
    answer = _ask(transport, at, "search", asked)
    try:
        found = esco_answers.found(answer.body, language)
    except UnreadableFile as error:
        raise _silent(at) from error
    shelf.learnt.keep(found)
    return found[:MOST]


def learn(transport: Transport, shelf: Shelf, at: str, occupation: str, language: str) -> Concept:
    """What an occupation of ESCO needs, kept on this machine from then on.

    Raises EscoSilent, NotKeptHere, UnknownOccupation.
    """
    language = _language(language)
    iri = canonical(occupation)
    if not is_of_esco(iri):
        raise UnknownOccupation(occupation, 404)
    known = shelf.concept(iri)
    if known is not None and _is_told(shelf, iri, language):
        return known
    try:
        answer = _ask(transport, at, "resource/occupation", {"uri": iri, "language": language})
    except NotThere as error:
        raise UnknownOccupation(occupation, 404) from error
    try:
        itself, skills, relations = esco_answers.occupation(answer.body, language)
    except UnreadableFile as error:
        raise _silent(at) from error
    if itself.iri != iri:
        raise _silent(at)
    if not shelf.learnt.keep((itself, *skills), relations):
        raise NotKeptHere
    return itself


def _is_told(shelf: Shelf, occupation: str, language: str) -> bool:
    """Whether what it needs is known: installed, or learnt in this language."""
    needs = shelf.related(occupation, Link.CORE, Link.USES)
    learnt = shelf.learnt.related(occupation, Link.CORE, Link.USES)
    if needs != learnt:
        return True
    named = [shelf.learnt.concept(one.object) for one in learnt]
    return bool(named) and all(one and any(label.language == language for label in one.labels) for one in named)


def is_of_esco(iri: str) -> bool:
    return canonical(iri).startswith("http://data.europa.eu/esco/occupation/")


def service(environ: Mapping[str, str] = os.environ) -> str:
    """The address of the service, without a final slash; empty where it is not to be asked. From MUSETTE_ESCO_SERVICE."""
    named = environ.get("MUSETTE_ESCO_SERVICE", ADDRESS).strip().rstrip("/")
    return "" if named.lower() == "none" else named


def _ask(transport: Transport, at: str, path: str, asked: dict[str, str]) -> Response:
    """The answer, if it is one. Raises NotThere, EscoSilent, NotAskedOnline."""
    if not at:
        raise NotAskedOnline
    try:
        for version in ({"selectedVersion": VERSION}, {}):
            response = get_following(transport, f"{at}/{path}?{urlencode({**asked, **version})}", "application/json")
            if response.status != 400:
                break
        if not response.ok:
            raise for_status(response.url, response.status)
    except NotThere:
        raise
    except PodError as error:
        raise _silent(at) from error
    return response


def _silent(at: str) -> EscoSilent:
    return EscoSilent(host=origin(at).partition("://")[2] or at)


def _language(language: str) -> str:
    return language[:2] if language[:2] in LANGUAGES else LANGUAGES[0]
