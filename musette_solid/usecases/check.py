"""Tell another developer whether their data fits our shapes."""

from musette_solid.model.validation import Finding, check
from musette_solid.pod import webid
from musette_solid.pod.errors import for_status
from musette_solid.pod.http import Transport
from musette_solid.rdf import syntax

_BY_ENDING = {".ttl": syntax.TURTLE, ".nt": syntax.N_TRIPLES, ".jsonld": syntax.JSON_LD, ".json": syntax.JSON_LD}


def check_bytes(data: bytes, name: str) -> tuple[Finding, ...]:
    """Findings for a file, by its ending (.ttl, .nt, .jsonld, .json; else Turtle). Raises NotRdf."""
    ending = "." + name.rpartition(".")[2].lower() if "." in name else ""
    media_type = _BY_ENDING.get(ending, syntax.TURTLE)
    return check(syntax.parse(data, media_type, f"file:///{name.rpartition('/')[2]}"))


def check_url(transport: Transport, url: str) -> tuple[Finding, ...]:
    """Findings for a public document. Raises NotRdf, NotThere, Unreachable..."""
    response = webid.get_following(transport, url)
    if not response.ok:
        raise for_status(url, response.status)
    return check(syntax.parse(response.body, response.headers.get("Content-Type", ""), response.url))
