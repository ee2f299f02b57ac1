"""Another bag: an archive of ours, or one of its documents. Its things come in under the names of this bag, with their source."""

from collections.abc import Iterator
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import BNode, Node

from musette_solid.errors import N_
from musette_solid.exchange import strict_json
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.source import Source
from musette_solid.rdf import syntax, terms

MANIFEST: Final = "manifest.json"
FORMAT: Final = "musette-archive/1"
_EXPECTED: Final = N_("an archive of La Musette: a manifest and the documents that it names")
_NO_PLACE: Final = N_("“%(value)s” stays in the archive: restore it there if you want it back as it was")
_NO_NAME: Final = N_("something without a name of its own")

#: What is taken over, where it goes, and what it is called by.
_CLASSES: Final = {
    terms.Activity: ("activities", "activity", "a"),
    terms.ORG_ORGANIZATION_CLASS: ("activities", "organization", "o"),
    terms.Skill: ("skills", "skill", "s"),
    terms.Assessment: ("skills", "assessment", "m"),
    terms.Evidence: ("skills", "evidence", "e"),
    terms.TimeEntry: ("time", "time", "t"),
}
_LABELS: Final = (terms.DCTERMS_TITLE, terms.SKOS_PREF_LABEL, terms.FOAF_NAME)


def documents(source: Source) -> Iterator[tuple[str, str, bytes]]:
    """Name in the archive, address it had, bytes; only what the manifest names."""
    package = source.package
    manifest = strict_json.parse(package.read(MANIFEST), MANIFEST)
    listed = manifest.get("documents") if isinstance(manifest, dict) else None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not isinstance(listed, list):
        raise UnreadableFile(file=source.name, expected=_EXPECTED, pointer="/documents")
    for one in listed:
        if isinstance(one, dict) and one.get("path") in package.names:
            yield str(one["path"]), str(one.get("url") or ""), package.read(str(one["path"]))


def read(source: Source, draft: Draft) -> None:
    whole = syntax.empty()
    where: dict[Node, str] = {}
    for path, url, data in documents(source):
        if not path.endswith(".ttl") or not path.partition("/")[2].startswith(("activities", "skills", "time/")):
            draft.lose(path, _NO_PLACE, path)
            continue
        graph = syntax.parse(data, syntax.TURTLE, url)
        for triple in graph:
            whole.add(triple)
            where.setdefault(triple[0], path)
    _take(whole, where, draft)


def read_document(source: Source, draft: Draft) -> None:
    graph = syntax.parse(source.data, syntax.TURTLE, source.base or "https://example.org/bag/document.ttl")
    _take(graph, {}, draft)


def is_bag(graph: Graph) -> bool:
    return any(
        True for kind in (terms.Activity, terms.Skill, terms.TimeEntry) for _ in graph.subjects(terms.RDF_TYPE, kind)
    )


def _take(graph: Graph, where: dict[Node, str], draft: Draft) -> None:
    names: dict[Node, tuple[URIRef, str]] = {}
    for kind, (key, shown, letter) in _CLASSES.items():
        for node in sorted(graph.subjects(terms.RDF_TYPE, kind), key=str):
            if isinstance(node, BNode):
                draft.lose(where.get(node, "/"), _NO_NAME)
                continue
            document = _year(graph, node) if key == "time" else key
            if document and node not in names:
                place = f"{where.get(node, '')}#{str(node).rpartition('#')[2]}"
                named = draft.node(document, letter, kind, ("bag", str(node)), place)
                names[node] = (named, document)
                if shown in {"activity", "skill", "evidence"}:
                    label = next((str(v) for path in _LABELS if (v := graph.value(node, path)) is not None), "")
                    draft.line(named, shown, label, place)
    for node, (named, document) in names.items():
        for path, value in graph.predicate_objects(node):
            said = names[value][0] if value in names else value
            if path in {terms.DCTERMS_SOURCE, terms.PROV_WAS_DERIVED_FROM, terms.PROV_WAS_INFLUENCED_BY}:
                continue
            if isinstance(said, Literal | URIRef) and isinstance(path, URIRef):
                draft.say(document, named, path, said)


def _year(graph: Graph, node: Node) -> str:
    day = str(graph.value(node, terms.DCTERMS_DATE) or "")[:4]
    return f"time/{day}" if day.isdecimal() and len(day) == 4 else ""
