"""Write `terms.py` from vocab/ and shapes/: every IRI we use as a `Final` constant, so that mypy catches a misspelt term.

    python -m musette_solid.rdf.generate_terms            writes the module
    python -m musette_solid.rdf.generate_terms --check    exits 1 when it is not current

Classes and shapes keep their CamelCase (`terms.Activity`); properties, concepts and schemes are in capitals
(`terms.SPHERE_CARE`); terms of other vocabularies are in capitals with their prefix (`terms.DCTERMS_TITLE`). Where a
class and a property of theirs would get one name, the class ends in `_CLASS`: `terms.ORG_ORGANIZATION` is the property
org:organization, `terms.ORG_ORGANIZATION_CLASS` the class org:Organization.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from musette_solid import shipped
from musette_solid.rdf.syntax import PREFIXES

TARGET = Path(__file__).with_name("terms.py")

_MUS = PREFIXES["mus"]
_SH = "http://www.w3.org/ns/shacl#"
_TYPE = f"{PREFIXES['rdf']}type"
_KEPT_CAMEL = {f"{PREFIXES['owl']}Class", f"{_SH}NodeShape"}
_CAPITALS = {f"{PREFIXES['owl']}{kind}" for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")} | {
    f"{PREFIXES['skos']}{kind}" for kind in ("Concept", "ConceptScheme")
}

_NAMESPACES = {
    **PREFIXES,
    "acp": "http://www.w3.org/ns/solid/acp#",
    "dash": "http://datashapes.org/dash#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "sh": _SH,
}

#: The terms of other vocabularies that we read or write. Add a name here, then `make vocab`.
OUTSIDE = {
    "acl": "Append Authorization AuthenticatedAgent Control Read Write accessTo agent agentClass agentGroup default mode origin",
    "acp": (
        "AccessControl AccessControlResource AuthenticatedAgent CreatorAgent Matcher OwnerAgent Policy PublicAgent PublicClient "
        "accessControl agent allOf allow anyOf apply client deny issuer memberAccessControl noneOf resource vc"
    ),
    "as": "Accept Announce Create Delete Note Offer Question Reject Undo actor attributedTo content endTime inReplyTo name object published result summary target to updated",
    "dash": "TextAreaEditor editor",
    "dc": "title",
    "dcterms": (
        "bibliographicCitation contributor created creator date description format hasPart identifier isPartOf issued language license modified "
        "publisher references replaces source subject title type valid"
    ),
    "dpv": (
        "Access Consent ConsentExpired ConsentGiven ConsentReceipt ConsentRecord ConsentWithdrawn RenewedConsentGiven "
        "hasConsentStatus hasDataController hasDataSubject hasLegalBasis hasProcessing hasPurpose hasRecipient"
    ),
    "foaf": (
        "Agent Group Organization Person PersonalProfileDocument accountName accountServiceHomepage givenName familyName "
        "OnlineAccount account homepage img isPrimaryTopicOf knows maker mbox name nick primaryTopic"
    ),
    "interop": (
        "AccessNeed AccessNeedGroup AccessReceipt AccessRequest accessMode accessNecessity accessOptional accessRequired "
        "forSocialAgent fromSocialAgent grantedAt grantedBy grantee hasAccessNeed hasAccessNeedGroup hasAccessRequest replaces "
        "toSocialAgent"
    ),
    "ldp": "BasicContainer Container NonRDFSource RDFSource Resource contains inbox",
    "oa": "Annotation annotationService bodyValue commenting hasTarget motivatedBy replying",
    "odrl": "Agreement action assignee assigner constraint permission read target",
    "org": "FormalOrganization Membership Organization classification hasMember member memberDuring memberOf organization role",
    "owl": (
        "Class DatatypeProperty ObjectProperty Ontology Thing deprecated imports priorVersion sameAs versionIRI versionInfo"
    ),
    "pim": "ConfigurationFile Storage Workspace preferencesFile storage workspace",
    "prov": (
        "Activity Entity SoftwareAgent endedAtTime generated generatedAtTime hadPrimarySource invalidatedAtTime startedAtTime used "
        "wasAssociatedWith wasAttributedTo wasDerivedFrom wasGeneratedBy wasInfluencedBy wasInvalidatedBy wasRevisionOf"
    ),
    "rdf": "Property first langString nil rest type",
    "rdfs": "Class comment isDefinedBy label range seeAlso subClassOf subPropertyOf",
    "schema": (
        "AggregateRating Corporation EducationalOccupationalCredential MonetaryAmount PerformingGroup SportsOrganization "
        "CreativeWork DefinedTerm DigitalDocument EducationalOrganization GovernmentOrganization "
        "JobPosting MediaObject NGO Occupation Organization OrganizationRole Project Rating Role about alternateName contentSize "
        "bestRating currency dateCreated description domainIncludes duration email endDate hasOccupation itemReviewed knowsLanguage "
        "identifier image keywords knowsAbout location memberOf name position rangeIncludes ratingCount ratingValue roleName skills "
        "sameAs sha256 startDate datePosted hiringOrganization jobLocation validThrough title uri url validFrom value worstRating"
    ),
    "sh": (
        "IRI NodeShape alternativePath PropertyGroup PropertyShape Violation Warning class datatype description equals focusNode group in "
        "lessThanOrEquals maxCount maxInclusive maxLength message minCount minExclusive minInclusive minLength name nodeKind "
        "or order path property result resultPath resultSeverity severity sourceConstraintComponent sourceShape targetClass "
        "value"
    ),
    "skos": (
        "Concept ConceptScheme altLabel broadMatch broader closeMatch definition editorialNote exactMatch example "
        "hasTopConcept hiddenLabel historyNote inScheme narrowMatch narrower notation note prefLabel related relatedMatch "
        "scopeNote topConceptOf"
    ),
    "solid": (
        "CurrentRole FutureRole InsertDeletePatch ListedDocument PastRole Role TypeIndex TypeRegistration UnlistedDocument "
        "account deletes forClass inserts instance instanceContainer oidcIssuer oidcRegistration owner privateTypeIndex "
        "publicId publicTypeIndex storageDescription where"
    ),
    "vcard": (
        "AddressBook Group Individual Organization fn groupIndex hasEmail hasPhoto hasTelephone hasURL inAddressBook "
        "nameEmailIndex note organization-name role url value"
    ),
    "xsd": "anyURI boolean date dateTime decimal double duration gYear gYearMonth integer string time",
}


def capitals(local_name: str) -> str:
    """`weeklyHours` -> `WEEKLY_HOURS`, `sphere-care` -> `SPHERE_CARE`, `RDFSource` -> `RDF_SOURCE`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", local_name)
    return split.replace("-", "_").upper()


def _own() -> Iterator[tuple[str, str]]:
    """Name and IRI of every term that vocab/ and shapes/ declare."""
    files = [shipped.VOCAB / "musette.ttl", *shipped.VOCAB.glob("concepts/*.ttl"), *shipped.SHAPES.glob("*.ttl")]
    for file in files:
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE, base_iri=_MUS):
            subject = quad.subject
            if (
                not isinstance(subject, ox.NamedNode)
                or quad.predicate.value != _TYPE
                or not subject.value.startswith(_MUS)
            ):
                continue
            local_name, kind = subject.value.removeprefix(_MUS), quad.object.value
            if kind in _KEPT_CAMEL:
                yield local_name, subject.value
            elif kind in _CAPITALS:
                yield capitals(local_name), subject.value


def _outside() -> Iterator[tuple[str, str]]:
    for prefix, names in OUTSIDE.items():
        locals_ = names.split()
        lower = {capitals(name) for name in locals_ if name[0].islower()}
        for name in locals_:
            clash = name[0].isupper() and capitals(name) in lower
            yield f"{prefix.upper()}_{capitals(name)}{'_CLASS' if clash else ''}", _NAMESPACES[prefix] + name


def _section(title: str, terms: Iterable[tuple[str, str]], seen: dict[str, str]) -> list[str]:
    lines = ["", f"# {title}"]
    for name, iri in sorted(set(terms)):
        if name in seen:
            raise ValueError(f"{seen[name]} and {iri} would both be called {name}")
        seen[name] = iri
        lines.append(f'{name}: Final = URIRef("{iri}")')
    return lines


def module() -> str:
    """The text of terms.py. Raises ValueError when two terms would get one name."""
    seen: dict[str, str] = {}
    lines = [
        '"""GENERATED by `make vocab` from vocab/ and shapes/: do not edit."""',
        "",
        "from typing import Final",
        "",
        "from rdflib import URIRef",
        "",
        f'MUS: Final = "{_MUS}"',
        *_section("The vocabulary of La Musette", _own(), seen),
        *_section("Other vocabularies", _outside(), seen),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    text = module()
    if "--check" in arguments:
        current = TARGET.read_text("utf-8") if TARGET.exists() else ""
        if current != text:
            sys.stderr.write("musette_solid/rdf/terms.py is not current: run `make vocab`.\n")
            return 1
        return 0
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
