"""SPARQL questions about a document, without making a graph of it: totals, counts, searches.

The store that answers lives for one question and is never written to: it rewrites literals ("007" becomes 7), which is no
matter for a sum, and would be for an edit.
"""

import re

import pyoxigraph as ox
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.rdf import syntax


def select(data: bytes, media_type: str, base: str, question: str) -> list[tuple[Node | None, ...]]:
    """The rows of a SELECT, in rdflib's terms, in the order of its variables; None where a variable has no value.

    Raises `syntax.NotRdf` as `syntax.parse` does, and ValueError when the question is no SELECT, or would ask another server.
    """
    if media_type.partition(";")[0].strip().lower() not in {syntax.TURTLE, syntax.N_TRIPLES}:
        data = syntax.n_triples(syntax.parse(data, media_type, base))
    if _asks_elsewhere(question):
        raise ValueError("a question asks this document, and nobody else")
    store = ox.Store()
    try:
        store.bulk_load(data, format=ox.RdfFormat.TURTLE, base_iri=base)
    except (SyntaxError, ValueError) as error:
        raise syntax.NotRdf(reason=N_("it is not well formed"), said=str(error)[:200]) from error
    try:
        answer = store.query(question)
    except SyntaxError as error:
        raise ValueError(f"no SPARQL question: {error}") from error
    if not isinstance(answer, ox.QuerySolutions):
        raise ValueError("a SELECT is asked for")  # noqa: TRY004  (it is the text that is wrong)
    return [
        tuple(None if row[variable] is None else syntax.rdflib_term(row[variable]) for variable in answer.variables)
        for row in answer
    ]


def _asks_elsewhere(question: str) -> bool:
    """Whether it may hold a SERVICE clause: oxigraph would send a request to any address, past every guard of ours.

    Rather once too often: a text that holds the word is refused as well, and so are escapes, which can spell it.
    """
    return "\\u" in question.lower() or _SERVICE.search(_IRI.sub("<>", question)) is not None


#: Without parentheses: "less than" stands within some, and a comment may end in what looks like the end of an IRI.
_IRI = re.compile(r'<[^<>"{}|^`\\()\s]*>')
_SERVICE = re.compile(r"(?<![:?$\w.-])SERVICE(?![\w:])", re.IGNORECASE)
