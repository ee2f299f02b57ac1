"""Comments that somebody who was invited leaves beside a dossier, and the person's answers: Web Annotations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dates
from musette_solid.model.described import Index
from musette_solid.rdf import syntax, terms

#: What others write is cut to this where it is read; what is longer is refused where it is written.
LONGEST: Final = 5000


class NoComment(MusetteError):
    what = N_("There is nothing in this comment, or it is too long.")
    do = N_("Write something, 5,000 characters at most. Nothing was sent.")


class NotInvited(MusetteError):
    what = N_("You were not invited to comment on this dossier.")
    do = N_("Nothing was sent. Write to the person another way.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """`target`: the dossier, a thing of it, or the comment that it answers. `author`: as it says; see `usecases.comment`."""

    iri: str
    author: str
    target: str
    text: str
    at: datetime
    is_answer: bool = False


def graph_of_comment(comment: Comment) -> Graph:
    it = URIRef(comment.iri)
    return syntax.graph_of(
        [
            (it, terms.RDF_TYPE, terms.OA_ANNOTATION),
            (it, terms.OA_BODY_VALUE, Literal(comment.text)),
            (it, terms.OA_HAS_TARGET, URIRef(comment.target)),
            (it, terms.OA_MOTIVATED_BY, terms.OA_REPLYING if comment.is_answer else terms.OA_COMMENTING),
            (it, terms.DCTERMS_CREATOR, URIRef(comment.author)),
            (it, terms.DCTERMS_CREATED, dates.moment(comment.at)),
        ]
    )


def to_post(comment: Comment) -> dict[str, Any]:
    """The annotation as JSON-LD that gets its address from the server: it is `#it` in whatever document it becomes."""
    return {
        "@id": "#it",
        "@type": [str(terms.OA_ANNOTATION)],
        str(terms.OA_BODY_VALUE): comment.text,
        str(terms.OA_HAS_TARGET): {"@id": comment.target},
        str(terms.OA_MOTIVATED_BY): {"@id": str(terms.OA_REPLYING if comment.is_answer else terms.OA_COMMENTING)},
        str(terms.DCTERMS_CREATOR): {"@id": comment.author},
        str(terms.DCTERMS_CREATED): {
            "@value": comment.at.isoformat(timespec="seconds"),
            "@type": str(terms.XSD_DATE_TIME),
        },
    }


def read(graph: Graph) -> tuple[Comment, ...]:
    """Every comment of a graph, the oldest first; what has no text, target or moment is none."""
    found = []
    for node in Index(graph).of_type(terms.OA_ANNOTATION):
        text, target = node.text(terms.OA_BODY_VALUE), node.iri_of(terms.OA_HAS_TARGET)
        at = node.moment(terms.DCTERMS_CREATED)
        if text and target and at and at.tzinfo:
            found.append(
                Comment(
                    iri=node.iri,
                    author=node.iri_of(terms.DCTERMS_CREATOR) or "",
                    target=target,
                    text=text[:LONGEST],
                    at=at,
                    is_answer=terms.OA_REPLYING in node.concepts(terms.OA_MOTIVATED_BY),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.at, one.iri)))


def checked(text: str) -> str:
    """Raises NoComment."""
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise NoComment
    return text
