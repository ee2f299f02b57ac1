"""The words of the vocabulary: labels, definitions and the order of concepts, read once from the shipped files."""

from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid import shipped
from musette_solid.rdf import names, syntax, terms

LANGUAGES = ("fr", "en")

_CODES: Final = """
    aar aa alb sq sqi sq amh am ara ar arm hy hye hy aze az baq eu eus eu bel be ben bn bos bs bre br bul bg bur my
    mya my cat ca chi zh zho zh cos co cze cs ces cs dan da dut nl nld nl eng en epo eo est et fao fo fin fi fra fr
    fre fr geo ka kat ka ger de deu de gle ga glg gl gre el ell el guj gu hau ha heb he hin hi hrv hr hun hu ice is
    isl is ind id ita it jpn ja kan kn kaz kk khm km kin rw kir ky kor ko kur ku lao lo lat la lav lv lin ln lit lt
    ltz lb mac mk mkd mk may ms msa ms mal ml mar mr mlg mg mlt mt mon mn nep ne nor no nob nb nno nn oci oc pan pa
    per fa fas fa pol pl por pt pus ps que qu roh rm rum ro ron ro run rn rus ru slo sk slk sk slv sl som so spa es
    srp sr swa sw swe sv tam ta tel te tgk tg tha th tib bo bod bo tir ti tuk tk tur tr ukr uk urd ur uzb uz vie vi
    wel cy cym cy wol wo xho xh yid yi yor yo zul zu
""".split()  # noqa: SIM905  (pairs are easier to read so)
#: ISO 639-2 (both lists of it) to ISO 639-1, by which the words for languages are known.
_SHORT_CODES: Final = dict(zip(_CODES[::2], _CODES[1::2], strict=True))

_LABELS = (terms.SKOS_PREF_LABEL, terms.RDFS_LABEL, terms.DCTERMS_TITLE)
_DEFINITIONS = (terms.SKOS_DEFINITION, terms.RDFS_COMMENT, terms.DCTERMS_DESCRIPTION)


@lru_cache(maxsize=1)
def graph() -> Graph:
    """The whole vocabulary: terms and concept schemes. Shared by every caller: never add to it."""
    whole = syntax.empty()
    for file in (shipped.VOCAB / "musette.ttl", *sorted(shipped.VOCAB.glob("concepts/*.ttl"))):
        whole += syntax.parse(file.read_bytes(), syntax.TURTLE, terms.MUS)
    return whole


@lru_cache(maxsize=1)
def shapes_graph() -> Graph:
    """Every shape. Shared by every caller: never add to it."""
    whole = syntax.empty()
    for file in sorted(shipped.SHAPES.glob("*.ttl")):
        whole += syntax.parse(file.read_bytes(), syntax.TURTLE, terms.MUS)
    return whole


@lru_cache(maxsize=4096)
def label(iri: str, language: str) -> str:
    """What to call `iri` in `language` ("fr", "fr-CA"...).

    A property of another vocabulary is called what our forms call it. Falls back to another language, then to the local name.
    """
    return _text(iri, _LABELS, language) or _field_name(iri, language) or names.local(iri) or iri


def _field_name(iri: str, language: str) -> str:
    """What most forms call a property."""
    shapes = shapes_graph()
    said = [
        in_language(by_language(shapes, node, terms.SH_NAME), language)
        for node in shapes.subjects(terms.SH_PATH, URIRef(iri))
    ]
    return max(sorted(set(said)), key=said.count, default="")


@lru_cache(maxsize=4096)
def definition(iri: str, language: str) -> str:
    """What `iri` means in `language`, or in another one; empty when the vocabulary does not say."""
    return _text(iri, _DEFINITIONS, language)


@lru_cache(maxsize=64)
def concepts(scheme_iri: str) -> tuple[URIRef, ...]:
    """The concepts of a scheme, in their order (`skos:notation`); empty when there is no such scheme."""
    found = [node for node in graph().subjects(terms.SKOS_IN_SCHEME, URIRef(scheme_iri)) if isinstance(node, URIRef)]
    return tuple(sorted(found, key=lambda concept: (_notation(concept), concept)))


def _notation(concept: URIRef) -> int:
    return int(str(graph().value(concept, terms.SKOS_NOTATION, default=Literal("0"))))


def _text(iri: str, properties: tuple[URIRef, ...], language: str) -> str:
    subject = URIRef(iri)
    for source in (graph(), shapes_graph()):
        for property_ in properties:
            texts = by_language(source, subject, property_)
            if texts:
                return in_language(texts, language)
    return ""


def by_language(source: Graph, subject: Node, property_: URIRef) -> dict[str, str]:
    """The texts of one property, by language tag ("" when there is none)."""
    return {node.language or "": str(node) for node in source.objects(subject, property_) if isinstance(node, Literal)}


def in_language(texts: dict[str, str], language: str) -> str:
    """The text in `language`, or else in English, in French, in any; empty when there is none."""
    return texts.get(chosen_language(texts, language), "")


def chosen_language(texts: dict[str, str], language: str) -> str:
    """In which language `in_language` gives a text; empty when it does not say."""
    wanted = language.lower().replace("_", "-")
    ways = (wanted, wanted.partition("-")[0], "en", "fr", *sorted(texts))
    return next((tag for tag in ways if tag in texts), "")


@lru_cache(maxsize=512)
def language_name(code: str, language: str) -> str:
    """What a language is called ("fra", "fre", "fr" -> "français"); empty for a code that nobody uses."""
    plain = code.strip().lower()
    if not 2 <= len(plain) <= 3 or not plain.isalpha():
        return ""
    known = Locale.parse("en").languages
    short = _SHORT_CODES.get(plain, plain)
    if short not in known:
        return ""
    try:
        words = Locale.parse(language[:2].lower()).languages
    except (UnknownLocaleError, ValueError):
        words = known
    return str(words.get(short) or known[short])
