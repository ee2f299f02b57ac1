"""Make a CV of what was chosen; keep the version that was sent, and to whom."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from rdflib import Literal, URIRef

from musette_solid.exchange import cv
from musette_solid.exchange.cv import Cv
from musette_solid.model import activity as activities_model
from musette_solid.model import dates, identity
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity
from musette_solid.model.identity import Account
from musette_solid.model.intent import Change
from musette_solid.model.skill import Skill
from musette_solid.pod import resources, webid
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.intents import File, carry_out
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class Material:
    """What a CV can be made of."""

    name: str
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    unreadable: tuple[str, ...]
    accounts: tuple[Account, ...] = ()


def material(bag: Bag) -> Material:
    layout = bag.layout
    documents = read_documents(bag, (layout.activities, layout.skills, layout.identities))
    profile = webid.profile(bag.pod.transport, bag.owner)
    return Material(
        profile.name or "",
        activities_model.read(documents.graph(layout.activities)),
        skills_model.read(documents.graph(layout.skills)),
        documents.unreadable,
        identity.read(documents.graph(layout.identities)),
    )


def write_cv(
    bag: Bag,
    now: datetime,
    *,
    headline: str = "",
    about: str = "",
    contact: Iterable[str] = (),
    language: str = "fr",
    layout: str = "sober",
    chosen: Collection[str] | None = None,
    together: bool = False,
) -> Cv:
    """`chosen`: IRIs of activities and skills; None: everything but care, search and breaks.

    Raises FacetsMixed when what it says gives away accounts of two sides of a life, unless they are to be there `together`.
    """
    found = material(bag)
    made = cv.compose(
        found.activities,
        found.skills,
        name=found.name,
        today=now.date(),
        headline=headline,
        about=about,
        contact=contact,
        language=language if language in cv.LANGUAGES else cv.LANGUAGES[0],
        layout=layout if layout in cv.LAYOUTS else cv.LAYOUTS[0],
        chosen=chosen,
    )
    if not together:
        identity.check_apart(made.texts, found.accounts)
    return made


@dataclass(frozen=True)
class Version:
    iri: str
    title: str
    on: str
    recipient: str
    file: str
    language: str = "fr"
    sources: tuple[str, ...] = ()  # what each line of it was made from


def keep(bag: Bag, made: Cv, data: bytes, recipient: str, now: datetime) -> str:
    """Keep a version beside the bag: its bytes, what it was made from, for whom. The name it got."""
    name = f"cv/{now:%Y%m%d}-{sha256(data).hexdigest()[:16]}.pdf"
    # The very same bytes may be there: sent to somebody else.
    file = File(bag.layout.root + name, data, "application/pdf")
    document = bag.layout.document("cv/versions")
    node = URIRef(f"{document}#{names.fragment('v', now.date())}")
    sources = [f"{bag.layout.activities}#{one}" for one in made.sources if one.startswith("a-")]
    sources += [f"{bag.layout.skills}#{one}" for one in made.sources if not one.startswith("a-")]
    said = [
        (node, terms.RDF_TYPE, terms.SCHEMA_DIGITAL_DOCUMENT),
        (node, terms.DCTERMS_TITLE, Literal(made.headline or made.name or "CV")),
        (node, terms.DCTERMS_DATE, dates.day(now.date())),
        (node, terms.SCHEMA_URL, URIRef(bag.layout.root + name)),
        (node, terms.DCTERMS_LANGUAGE, Literal(made.language)),
        *((node, terms.PROV_WAS_DERIVED_FROM, URIRef(source)) for source in sources),
    ]
    if recipient.strip():
        said.append((node, terms.DCTERMS_DESCRIPTION, Literal(recipient.strip()[:200])))
    changes = [Change(document, Delta(into=frozenset(said)))]
    carry_out(bag, terms.OPERATION_RECORD, changes, now, files=[file])
    return str(node)


def versions(bag: Bag) -> tuple[Version, ...]:
    """The versions that were kept, the newest first."""
    graph = resources.read(bag.pod, bag.layout.document("cv/versions")).graph
    found = [
        Version(
            str(node),
            str(graph.value(node, terms.DCTERMS_TITLE) or ""),
            str(graph.value(node, terms.DCTERMS_DATE) or ""),
            str(graph.value(node, terms.DCTERMS_DESCRIPTION) or ""),
            names.local(str(graph.value(node, terms.SCHEMA_URL) or "")),
            str(graph.value(node, terms.DCTERMS_LANGUAGE) or "fr"),
            tuple(sorted(str(source) for source in graph.objects(node, terms.PROV_WAS_DERIVED_FROM))),
        )
        for node in graph.subjects(terms.RDF_TYPE, terms.SCHEMA_DIGITAL_DOCUMENT)
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.iri), reverse=True))


def version_file(bag: Bag, name: str) -> bytes:
    """The bytes of a version. Raises NotThere."""
    return resources.fetch(bag.pod, f"{bag.layout.root}cv/{names.local(name)}", "application/pdf").body
