"""Letters by which a person asks a platform for their data, and the log of what was answered.

Source: C. trav. L7342-7 and D7342-6 (the categories), RGPD articles 12, 15 and 20 (one month). The delays of D7342-7 were
not read: the month of the RGPD is the one that is counted.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from rdflib import Graph, Literal, URIRef

from musette_solid.model.dates import day
from musette_solid.model.described import Index
from musette_solid.rdf import names, syntax, terms

#: D7342-6, in its order. A letter under French law is in French, whatever the language of the page.
CATEGORIES: Final = (
    "mon enregistrement comme travailleur indépendant",
    "la date du début de notre relation",
    "mes prestations\u00a0: leur nature, leur nombre, leur durée totale en heures, leurs plages horaires moyennes, leur zone et leur distance moyenne",
    "mes revenus d’activité, commission déduite",
    "les évaluations reçues au cours des douze derniers mois",
    "les données de responsabilité sociale\u00a0: contribution à la formation professionnelle versée (dernière année et total), formations et validations d’acquis suivies, abondements de mon compte personnel de formation",
)  # fmt: skip


@dataclass(frozen=True)
class Letter:
    subject: str
    opening: tuple[str, ...]
    categories: tuple[str, ...]
    closing: tuple[str, ...]


def letter(platform: str, account: str, on: date) -> Letter:
    """What to send to a platform. `account` is how it knows the person there; it may be empty."""
    known = f" (compte\u00a0: {account})" if account else ""
    return Letter(
        subject="Demande de mes données professionnelles et personnelles",
        opening=(
            f"À l’attention de {platform}",
            "Madame, Monsieur,",
            (
                f"Je travaille par votre plateforme{known}. En application des articles L7342-7 et D7342-6 du code du travail, je vous "
                "demande de me remettre, dans un format structuré et couramment utilisé, les données relatives à mon activité\u00a0:"
            ),
        ),
        categories=CATEGORIES,
        closing=(
            (
                "En application des articles 15 et 20 du règlement (UE) 2016/679 (RGPD), je vous demande aussi une copie de toutes les "
                "données personnelles qui me concernent, l’origine de celles que je n’ai pas fournies, leurs destinataires, leur durée "
                "de conservation, et l’existence de décisions automatisées, avec leur logique. Je demande celles que j’ai fournies dans "
                "un format lisible par machine."
            ),
            "L’article 12 du RGPD fixe le délai de réponse à un mois à compter de la réception. À défaut, je pourrai saisir la CNIL.",
            f"Le {on:%d/%m/%Y}.",
        ),
    )


@dataclass(frozen=True)
class Reply:
    iri: str
    on: date
    text: str


@dataclass(frozen=True)
class DataRequest:
    iri: str
    platform: str
    sent: date
    due: date
    replies: tuple[Reply, ...]

    def is_late(self, today: date) -> bool:
        return not self.replies and today > self.due


def read(graph: Graph) -> tuple[DataRequest, ...]:
    """The latest first."""
    index = Index(graph)
    replies: dict[str, list[Reply]] = defaultdict(list)
    for node in index.of_type(terms.DataReply):
        on = node.day(terms.DCTERMS_DATE)
        if on is not None:
            whole = node.iri_of(terms.DCTERMS_IS_PART_OF) or ""
            replies[whole].append(Reply(node.iri, on, node.text(terms.DCTERMS_DESCRIPTION) or ""))
    found = []
    for node in index.of_type(terms.DataRequest):
        sent = node.day(terms.DCTERMS_ISSUED)
        if sent is not None:
            due = node.day(terms.DCTERMS_VALID) or a_month_after(sent)
            ordered = tuple(sorted(replies[node.iri], key=lambda r: (r.on, r.iri)))
            found.append(DataRequest(node.iri, node.text(terms.DCTERMS_TITLE) or "", sent, due, ordered))
    return tuple(sorted(found, key=lambda r: (-r.sent.toordinal(), r.iri)))


def a_month_after(sent: date) -> date:
    """RGPD 12 (3), counted as regulation 1182/71 does: the same day of the next month, or its last."""
    year, month = (sent.year + 1, 1) if sent.month == 12 else (sent.year, sent.month + 1)
    for number in (sent.day, 30, 29):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, 28)


def request_graph(document: str, platform: str, sent: date) -> Graph:
    iri = URIRef(f"{document}#{names.fragment('d', sent)}")
    return syntax.graph_of(
        [
            (iri, terms.RDF_TYPE, terms.DataRequest),
            (iri, terms.DCTERMS_TITLE, Literal(platform)),
            (iri, terms.DCTERMS_ISSUED, day(sent)),
            (iri, terms.DCTERMS_VALID, day(a_month_after(sent))),
        ]
    )


def reply_graph(request: str, text: str, on: date) -> Graph:
    iri = URIRef(f"{names.document(request)}#{names.fragment('y', on)}")
    return syntax.graph_of(
        [
            (iri, terms.RDF_TYPE, terms.DataReply),
            (iri, terms.DCTERMS_IS_PART_OF, URIRef(request)),
            (iri, terms.DCTERMS_DATE, day(on)),
            (iri, terms.DCTERMS_DESCRIPTION, Literal(text)),
        ]
    )
