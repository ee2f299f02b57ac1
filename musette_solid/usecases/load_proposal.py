"""Bring a proposed right: from a file, from an address through the guard, or one of those that come with the application."""

from collections.abc import Iterable
from datetime import date

from musette_solid.model.rights import proposals
from musette_solid.model.rights.proposals import Proposal
from musette_solid.pod.http import Transport
from musette_solid.rdf import syntax
from musette_solid.usecases.ask_elsewhere import ask_elsewhere

_BY_ENDING = {"jsonld": syntax.JSON_LD, "json": syntax.JSON_LD, "nt": syntax.N_TRIPLES}


def from_file(data: bytes, name: str, today: date) -> Proposal:
    """Raises NotAScheme. The names of the file are its own: nothing else in the world is called so."""
    ending = name.rpartition(".")[2].lower()
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-."))[:80] or "file"
    return proposals.read(data, _BY_ENDING.get(ending, syntax.TURTLE), f"https://file.invalid/{plain}", today)


def from_url(transport: Transport, url: str, today: date) -> Proposal:
    """One request (and a few redirects), limited in size and in time. Raises NotAScheme, NotThere, NotAllowed, Unreachable..."""
    response = ask_elsewhere(transport, url)
    return proposals.read(response.body, response.headers.get("Content-Type", ""), response.url, today)


def shipped() -> Iterable[tuple[str, bytes]]:
    return proposals.shipped_examples()
