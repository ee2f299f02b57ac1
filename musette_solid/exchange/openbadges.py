"""Open Badges of every age: 0.5, 1.0, 1.1, 2.0 (assertion, badge, issuer), 3.0, endorsements, and records of several (CLR 2)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange import credentials
from musette_solid.exchange.credentials import Opened, dicts, in_words, kinds
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.source import Source
from musette_solid.rdf import terms

_EXPECTED: Final = N_("an Open Badge: an assertion, or a credential with an achievement")
_ENDORSEMENT: Final = N_("“%(value)s” speaks for somebody else: the words of others stay in the file")
_REVOKED: Final = N_("whoever gave it took it back (%(value)s)")
_REVOKED_UNSAID: Final = N_("whoever gave it took it back, and does not say why")
_PICTURE: Final = N_("its picture is kept at %(value)s, which was not asked")
_BY_NOBODY: Final = N_("nobody says who found “%(value)s”: it was left out")
_MOST_WITHIN: Final = 200


def is_badge(value: Mapping[str, Any]) -> bool:
    types = kinds(value)
    context = str(value.get("@context"))
    return bool(
        types & {"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", "ClrCredential"}
        or (types & {"Assertion", "BadgeClass", "Issuer", "Profile"} and "openbadges" in context)
        or ("badge" in value and ("recipient" in value or "issuedOn" in value or "issued_on" in value))
        or ("openbadges" in context)
        or (bool(types & {"VerifiableCredential"}) and "/ob/" in context)
    )


def read(source: Source, draft: Draft) -> None:
    take(credentials.opened(source), draft)


def take(found: Opened, draft: Draft) -> None:
    _read(found.value, "", found, draft, depth=0)


def _read(value: dict[str, Any], place: str, found: Opened, draft: Draft, depth: int) -> None:
    types = kinds(value)
    if "EndorsementCredential" in types:
        draft.lose(place or "/", _ENDORSEMENT, in_words(value.get("name")))
        return
    if "badge" in value:
        _second(value, place, found, draft)
        return
    subject = next(dicts(value.get("credentialSubject")), None)
    if subject is None:
        if types & {"BadgeClass", "Issuer", "Profile"} or "name" in value:
            draft.lose(place or "/", credentials.AWARDED_TO_NOBODY, in_words(value.get("name")))
            return
        raise UnreadableFile(file=draft.file, expected=_EXPECTED, pointer=place or "/")
    within = list(dicts(subject.get("verifiableCredential")))
    if within and depth == 0:
        for number, one in enumerate(within[:_MOST_WITHIN]):
            _read(one, f"/credentialSubject/verifiableCredential/{number}", found, draft, depth + 1)
        credentials.say_signature(draft, "/", found)
        credentials.keep(draft, found)
        return
    _third(value, subject, place, found, draft)


def _third(value: dict[str, Any], subject: dict[str, Any], place: str, found: Opened, draft: Draft) -> None:
    achievement = next(dicts(subject.get("achievement")), {})
    issuer = value.get("issuer")
    until = credentials.day(draft, f"{place}/validUntil", value.get("validUntil", value.get("expirationDate")))
    since = value.get("validFrom", value.get("awardedDate", value.get("issuanceDate")))
    said = [in_words(achievement.get("description")), in_words(_dict(achievement.get("criteria")).get("narrative"))]
    identity = str(value.get("id") or "")
    proof = draft.evidence(
        place or "/",
        in_words(achievement.get("name")) or in_words(value.get("name")),
        publisher=in_words(_dict(issuer).get("name")) or (issuer if isinstance(issuer, str) else ""),
        on=credentials.day(draft, f"{place}/validFrom", since),
        url=address(identity),
        description="\n".join(text for text in said if text),
        key=("credential", identity) if identity else (),
        is_attestation=True,
        detail=found.signed,
    )
    if proof is None:
        return
    credentials.check_subject(draft, f"{place}/credentialSubject", subject)
    if until and until.last() < draft.bag.now.date():
        draft.lose(f"{place}/validUntil", credentials.EXPIRED, until.text)
    for number, one in enumerate(dicts(value.get("endorsement"))):
        draft.lose(f"{place}/endorsement/{number}", _ENDORSEMENT, in_words(one.get("name")))
    _alignments(draft, f"{place}/credentialSubject/achievement/alignment", achievement, proof)
    _results(draft, f"{place}/credentialSubject/result", subject, achievement, proof, issuer)
    if not place:
        credentials.say_signature(draft, "/", found)
        credentials.keep(draft, found)


def _alignments(draft: Draft, place: str, achievement: Mapping[str, Any], proof: URIRef) -> list[URIRef]:
    """What the achievement is aligned to is a skill with this proof."""
    nodes = []
    for number, one in enumerate(dicts(achievement.get("alignment", achievement.get("alignments")))):
        label = in_words(one.get("targetName", one.get("name")))
        target = str(one.get("targetUrl") or one.get("url") or "")
        node = draft.skill(f"{place}/{number}", label, match=address(target))
        if node is not None:
            draft.say("skills", node, terms.EVIDENCE, proof)
            nodes.append(node)
    return nodes


def _results(
    draft: Draft, place: str, subject: Mapping[str, Any], achievement: Mapping[str, Any], proof: URIRef, issuer: Any
) -> None:
    """A result is somebody's assessment of the achievement, in their words."""
    described = {str(one.get("id")): one for one in dicts(achievement.get("resultDescription"))}
    by = agent(_dict(issuer).get("id") or issuer)
    for number, one in enumerate(dicts(subject.get("result"))):
        about = described.get(str(one.get("resultDescription")), {})
        label = in_words(about.get("name")) or in_words(achievement.get("name"))
        stated = in_words(one.get("value")) or in_words(one.get("status")) or _level(one, about)
        at = f"{place}/{number}"
        node = draft.skill(at, label)
        if node is not None:
            draft.say("skills", node, terms.EVIDENCE, proof)
            if by is None:  # said by nobody that can be named: never put in the mouth of the holder
                draft.lose(at, _BY_NOBODY, stated)
            else:
                draft.assess(at, node, stated, by=by)


def _level(result: Mapping[str, Any], described: Mapping[str, Any]) -> str:
    wanted = str(result.get("achievedLevel") or "")
    for level in dicts(described.get("rubricCriterionLevel")):
        if str(level.get("id")) == wanted:
            return in_words(level.get("name")) or in_words(level.get("level"))
    return ""


def _second(value: dict[str, Any], place: str, found: Opened, draft: Draft) -> None:
    """Before 3.0: the badge may be inside, or at an address that nobody asks."""
    badge = value["badge"]
    inside = badge if isinstance(badge, dict) else {}
    if not inside:
        draft.lose(f"{place}/badge", credentials.ELSEWHERE, badge)
    issuer = inside.get("issuer")
    if isinstance(issuer, str):
        draft.lose(f"{place}/badge/issuer", credentials.ELSEWHERE, issuer)
    identity = str(value.get("id") or value.get("uid") or badge)
    title = in_words(inside.get("name")) or _last(badge if isinstance(badge, str) else identity)
    until = credentials.day(draft, f"{place}/expires", value.get("expires"))
    evidence = value.get("evidence")
    said = [in_words(inside.get("description")), in_words(value.get("narrative"))]
    proof = draft.evidence(
        place or "/",
        title,
        publisher=in_words(_dict(issuer).get("name")),
        on=credentials.day(draft, f"{place}/issuedOn", value.get("issuedOn", value.get("issued_on"))),
        url=address(identity) or address(_dict(value.get("verify")).get("url")) or address(evidence),
        description="\n".join(text for text in said if text),
        key=("credential", identity),
        is_attestation=True,
        detail=found.signed,
    )
    if proof is None:
        return
    recipient = value.get("recipient")
    credentials.check_subject(
        draft, f"{place}/recipient", recipient if isinstance(recipient, dict) else {"identity": recipient or ""}
    )
    if value.get("revoked") in (True, "true"):
        why = in_words(value.get("revocationReason"))
        draft.lose(f"{place}/revoked", _REVOKED if why else _REVOKED_UNSAID, why)
    if until and until.last() < draft.bag.now.date():
        draft.lose(f"{place}/expires", credentials.EXPIRED, until.text)
    if isinstance(value.get("image"), str) and not str(value["image"]).startswith("data:"):
        draft.lose(f"{place}/image", _PICTURE, value["image"])
    _alignments(draft, f"{place}/badge/alignment", inside, proof)
    for number, tag in enumerate(inside.get("tags") or ()):
        if isinstance(tag, str):
            node = draft.skill(f"{place}/badge/tags/{number}", tag)
            if node is not None:
                draft.say("skills", node, terms.EVIDENCE, proof)
    credentials.say_signature(draft, place or "/", found)
    credentials.keep(draft, found)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def address(value: Any) -> str | None:
    text = value if isinstance(value, str) else ""
    fine = text.startswith(("http://", "https://")) and not set(text) & set(' <>"{}|\\^`') and text.isprintable()
    return text if fine and len(text) < 2000 else None


def agent(value: Any) -> str | None:
    """A web address or a decentralised identifier (did:…)."""
    text = value if isinstance(value, str) else ""
    return address(text) or (text if re.fullmatch(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,500}", text) else None)


def _last(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2].rpartition(".")[0].replace("-", " ").strip() or address
