"""Say which level one sees in somebody's skills, through the dossier that they opened; and keep, or not, what others say.

The answer comes by the letterbox. It counts only when it names a dossier of one's own and comes from whom that was opened
to: nobody else can know its address, which cannot be guessed. That is no signature, and the page says so. Nothing of it is
in the bag until the person keeps it; kept, it stands beside their own assessments and is mixed with none.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import grant as grants
from musette_solid.model import labels
from musette_solid.model import skill as skills_model
from musette_solid.model.described import Described, Index
from musette_solid.model.entry import entry
from musette_solid.model.grant import NotAGrant
from musette_solid.model.intent import Change
from musette_solid.model.skill import Skill
from musette_solid.model.standing import rank
from musette_solid.model.validation import Unfit
from musette_solid.pod import inbox, resources, webid
from musette_solid.pod.errors import AccessRefused, NotThere, PodError
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import letters
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.letters import NoInbox
from musette_solid.usecases.log_activity import timestamp

#: What one letter may say, so that it stays one.
MOST: Final = 50
_WORDS, _NAME = 2000, 200

_CONTEXT: Final = {
    # Inline: a server that turns this into Turtle must not have to fetch one.
    "as": "https://www.w3.org/ns/activitystreams#",
    "dcterms": "http://purl.org/dc/terms/",
    "mus": terms.MUS,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "actor": {"@id": "as:actor", "@type": "@id"},
    "assessmentWay": {"@id": "mus:assessmentWay", "@type": "@id"},
    "date": {"@id": "dcterms:date", "@type": "xsd:date"},
    "description": "dcterms:description",
    "inReplyTo": {"@id": "as:inReplyTo", "@type": "@id"},
    "level": {"@id": "mus:level", "@type": "@id"},
    "name": "as:name",
    "object": {"@id": "as:object", "@type": "@id"},
    "published": {"@id": "as:published", "@type": "xsd:dateTime"},
    "relationKind": {"@id": "mus:relationKind", "@type": "@id"},
    "skill": {"@id": "mus:skill", "@type": "@id"},
    "target": {"@id": "as:target", "@type": "@id"},
}


class NothingSaid(MusetteError):
    what = N_("No level was chosen.")
    do = N_("Choose a level for one skill at least; leave out what you did not see.")


class NotDelivered(MusetteError):
    what = N_("Your answer could not be put in their letterbox.")
    do = N_("Nothing was sent. Try again later, or tell them in another way.")


@dataclass(frozen=True)
class Said:
    """What one says of one skill of a dossier, by its IRI there."""

    skill: str
    level: str
    comment: str = ""


def assess_another(
    pod: Pod, url: str, said: Sequence[Said], now: datetime, *, way: str = "", relation: str = ""
) -> None:
    """Answer a dossier with the levels that one sees. Raises what `read_dossier` raises, NothingSaid, NotDelivered, Unfit."""
    opened = read_dossier(pod, url, now)
    shown = {skill.iri for skill in opened.dossier.skills}
    told = [one for one in said if one.level][:MOST]
    if not told:
        raise NothingSaid
    if pod.webid is None or any(one.skill not in shown for one in told):
        raise NotThere(url, 404)
    _check(told, way, relation, now.date(), pod.webid)
    place = webid.profile(pod.transport, opened.dossier.owner).inbox
    if place is None:
        raise NotDelivered
    pod.meet(place)
    mine = webid.profile(pod.transport, pod.webid).name
    try:
        inbox.send(
            pod, place, _letter(pod.webid, mine, opened.dossier.iri, opened.dossier.owner, told, way, relation, now)
        )
    except PodError as error:
        raise NotDelivered from error


def _check(said: Sequence[Said], way: str, relation: str, on: date, by: str) -> None:
    for one in said:
        texts = _texts(one.skill, one.level, on, by, one.comment, way, relation)
        made = entry(terms.AssessmentShape, URIRef("urn:uuid:checked"), texts)
        if made.findings:
            raise Unfit(findings=made.findings)
    if relation and URIRef(relation) not in labels.concepts(terms.RELATION_KINDS):
        raise NotThere(relation, 404)


def _texts(
    skill: str, level: str, on: date | None, by: str, comment: str, way: str, relation: str
) -> dict[str, list[str]]:
    said = {
        "skill": skill,
        "level": level,
        "date": on.isoformat() if on else "",
        "wasAttributedTo": by,
        "description": comment,
        "assessmentWay": way,
        "relationKind": relation,
    }
    return {name: [text] for name, text in said.items() if text}


def _letter(
    me: str,
    name: str | None,
    dossier: str,
    owner: str,
    said: Sequence[Said],
    way: str,
    relation: str,
    now: datetime,
) -> Mapping[str, Any]:
    shared = {"date": now.date().isoformat()}
    if way:
        shared["assessmentWay"] = way
    if relation:
        shared["relationKind"] = relation
    return {
        "@context": _CONTEXT,
        "@id": f"urn:uuid:{uuid.uuid4()}",
        "@type": "as:Create",
        "actor": {"@id": me, "name": name} if name else me,
        "inReplyTo": dossier,
        "target": owner,
        "published": now.isoformat(timespec="seconds"),
        "object": [
            {
                "@id": f"urn:uuid:{uuid.uuid4()}",
                "@type": "mus:Assessment",
                "skill": one.skill,
                "level": one.level,
                **({"description": one.comment} if one.comment else {}),
                **shared,
            }
            for one in said
        ],
    }


@dataclass(frozen=True)
class Given:
    """One level that somebody says they see in a skill of the bag; `source` is the name that they gave it."""

    source: str
    skill: Skill
    level: URIRef
    on: date | None
    comment: str = ""
    way: URIRef | None = None
    relation: URIRef | None = None
    is_kept: bool = False


@dataclass(frozen=True)
class Answer:
    """A letter with what somebody says; `letter` is where it lies."""

    letter: str
    by: str
    name: str | None
    published: datetime | None
    dossier_title: str
    given: tuple[Given, ...]


@dataclass(frozen=True)
class Answers:
    """`strangers`: how many letters claim to answer a dossier that was never opened to who sent them; they are not shown."""

    answers: tuple[Answer, ...]
    strangers: int = 0


def received(bag: Bag) -> Answers:
    """What others say of one's skills, the newest first. Raises NoInbox."""
    profile = webid.profile(bag.pod.transport, bag.owner)
    if profile.inbox is None:
        raise NoInbox
    bag.pod.meet(*profile.places)
    graph = resources.read(bag.pod, bag.layout.skills).graph
    found, strangers = [], 0
    for message in letters.messages(bag.pod, profile.inbox):
        index = Index(message.graph)
        for node in index.of_type(terms.AS_CREATE):
            answer = _answer(bag, message.iri, node, index, graph)
            if answer is None:
                strangers += 1
            else:
                found.append(answer)
    found.sort(key=lambda one: one.published.isoformat() if one.published else "", reverse=True)
    return Answers(tuple(found), strangers)


def _answer(bag: Bag, letter: str, node: Described, index: Index, skills: Graph) -> Answer | None:
    """None when it answers no dossier of mine that was opened to who says to have written it."""
    by, dossier = node.iri_of(terms.AS_ACTOR) or "", node.iri_of(terms.AS_IN_REPLY_TO) or ""
    grant = _grant(bag, dossier)
    if grant is None or not webid.is_web_address(by) or grant.recipient != by:
        return None
    own = {names.local(skill.iri): skill for skill in skills_model.read(skills) if skill.iri in grant.selection}
    kept = {str(iri) for iri in skills.objects(None, terms.PROV_HAD_PRIMARY_SOURCE)}
    given = []
    for iri in node.iris(terms.AS_OBJECT)[:MOST]:
        one = index[iri]
        skill, level = own.get(names.local(one.iri_of(terms.SKILL) or "")), one.concept(terms.LEVEL)
        if skill is not None and level is not None and rank(level) and one.is_a(terms.Assessment):
            given.append(
                Given(
                    iri,
                    skill,
                    level,
                    one.day(terms.DCTERMS_DATE),
                    (one.text(terms.DCTERMS_DESCRIPTION) or "")[:_WORDS],
                    _known(one, terms.ASSESSMENT_WAY, terms.ASSESSMENT_WAYS),
                    _known(one, terms.RELATION_KIND, terms.RELATION_KINDS),
                    iri in kept,
                )
            )
    name = (index[by].text(terms.AS_NAME) or "")[:_NAME] or grant.recipient_name
    return Answer(letter, by, name, node.moment(terms.AS_PUBLISHED), grant.title, tuple(given))


def _known(node: Described, path: URIRef, scheme: URIRef) -> URIRef | None:
    found = node.concept(path)
    return found if found in labels.concepts(scheme) else None


def _grant(bag: Bag, dossier: str) -> grants.Grant | None:
    """The grant of a dossier of mine, by the dossier's address; None when there is none."""
    inner = names.document(dossier).removeprefix(bag.layout.shares)
    share_id, _, rest = inner.partition("/")
    if inner == names.document(dossier) or rest != "dossier.ttl":
        return None
    try:
        found = resources.read(bag.pod, bag.layout.grant(share_id))
        return grants.read(found.graph) if found.exists else None
    except (NotThere, NotAGrant, AccessRefused):
        return None


def keep_assessments(bag: Bag, letter: str, chosen: Collection[str], now: datetime) -> int:
    """Put what was chosen of a letter (by `Given.source`) beside one's own assessments, then take the letter away.

    How many were kept; those that are there already are not written twice. All of it or nothing where the letterbox is in the
    bag; in another, the letter goes last. Raises NotThere, NoInbox.
    """
    answer = next((one for one in received(bag).answers if one.letter == letter), None)
    if answer is None:
        raise NotThere(letter, 404)
    graph = syntax.empty()
    kept = 0
    for one in answer.given:
        if one.source not in chosen or one.is_kept:
            continue
        on = one.on or (answer.published.date() if answer.published else now.date())
        # Nobody has seen what is still to come.
        day = min(on, now.date())
        node = URIRef(f"{bag.layout.skills}#{names.fragment('m', day)}")
        texts = _texts(
            one.skill.iri, str(one.level), day, answer.by, one.comment, str(one.way or ""), str(one.relation or "")
        )
        made = entry(terms.AssessmentShape, node, texts)
        graph += made.graph
        graph.add((node, terms.DCTERMS_CREATED, timestamp(now)))
        graph.add((node, terms.PROV_HAD_PRIMARY_SOURCE, URIRef(one.source)))
        kept += 1
    if kept and answer.name:
        graph.add((URIRef(answer.by), terms.RDF_TYPE, terms.FOAF_AGENT))
        graph.add((URIRef(answer.by), terms.FOAF_NAME, Literal(answer.name)))
    is_ours = names.is_within(bag.layout.inbox, letter)
    change = Change(bag.layout.skills, Delta(into=frozenset(graph)))
    carry_out(bag, terms.OPERATION_RECORD, [change], now, deletes=[letter] if is_ours else [])
    if not is_ours:
        resources.delete(bag.pod, letter)
    return kept
