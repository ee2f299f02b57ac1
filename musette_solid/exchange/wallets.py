"""Credentials that are neither badges nor European: any verifiable credential; and several together, as wallets and backpacks give them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from musette_solid.errors import N_
from musette_solid.exchange import credentials, elm, openbadges
from musette_solid.exchange.credentials import Opened, dicts, in_words, kinds
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.openbadges import address
from musette_solid.exchange.source import Source

_EXPECTED: Final = N_("credentials, one or several together")
_TOO_MANY: Final = N_("at most 500 credentials in a file")
_NOT_ONE: Final = N_("this is no credential that could be read")
_MOST: Final = 500
_MOST_CLAIMS: Final = 40
#: Where several are kept together, and what wraps each of them there.
_TOGETHER: Final = ("verifiableCredential", "badges", "credentials", "assertions", "credential")
_WRAPPED: Final = ("assertion", "credential", "verifiableCredential", "badge_assertion")


def is_several(value: Any) -> bool:
    """A list of credentials, a presentation, a backpack."""
    return any(True for _ in _found(value)) and not _is_one(value)


def is_credential(value: Any) -> bool:
    return isinstance(value, dict) and "VerifiableCredential" in kinds(value) and "credentialSubject" in value


def read(source: Source, draft: Draft) -> None:
    """One credential of no family that we know."""
    _read_one(credentials.opened(source), draft)


def read_several(source: Source, draft: Draft) -> None:
    found = credentials.opened(source, several=True)
    number = 0
    for place, one in _found(found.value):
        number += 1
        if number > _MOST:
            raise UnreadableFile(file=draft.file, expected=_TOO_MANY)
        draft.within = place
        try:
            inner = credentials.opened_value(one, found, draft.file)
            if elm.is_credential(inner.value):
                elm.take(inner, draft)
            elif openbadges.is_badge(inner.value):
                openbadges.take(inner, draft)
            elif is_credential(inner.value):
                _read_one(inner, draft)
            else:
                draft.lose("/", _NOT_ONE)
        except UnreadableFile:  # one that does not open does not keep the others out
            draft.lose("/", _NOT_ONE)
        finally:
            draft.within = ""
    if not number:
        raise UnreadableFile(file=draft.file, expected=_EXPECTED, pointer="/")


def _is_one(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    is_sealed = "payload" in value and ("signatures" in value or "signature" in value)
    return is_sealed or is_credential(value) or openbadges.is_badge(value) or elm.is_credential(value)


def _found(value: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Each credential in it with its place: an object, or a token."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _found(one, f"{place}/{number}", depth + 1)
    elif isinstance(value, str):
        if depth and credentials.is_token(value):
            yield place, value
    elif isinstance(value, dict) and depth <= 4:
        if _is_one(value) or str(value.get("id", "")).startswith("data:application/vc"):
            yield place, value
            return
        for key in (*_TOGETHER, *_WRAPPED) if depth else _TOGETHER:
            if key in value:
                yield from _found(value[key], f"{place}/{key}", depth + 1)


def _read_one(found: Opened, draft: Draft) -> None:
    """What it is called, who says it, since when; what it claims, in its own words."""
    value = found.value
    subject = next(dicts(value.get("credentialSubject")), {})
    issuer = value.get("issuer")
    named = next(dicts(issuer), {})
    special = sorted(kinds(value) - {"VerifiableCredential"})
    identity = str(value.get("id") or "")
    proof = draft.evidence(
        "/",
        in_words(value.get("name"))
        or ", ".join(_in_words(kind) for kind in special)
        or _in_words("VerifiableCredential"),
        publisher=in_words(named.get("name")) or str(named.get("id") or issuer or ""),
        on=credentials.day(draft, "/validFrom", value.get("validFrom", value.get("issuanceDate"))),
        url=address(identity),
        description="\n".join(text for text in (in_words(value.get("description")), *_claims(subject)) if text),
        key=("credential", identity or draft.digest, draft.within),
        is_attestation=True,
        detail=found.signed,
    )
    if proof is None:
        return
    credentials.check_subject(draft, "/credentialSubject", subject)
    until = credentials.day(draft, "/validUntil", value.get("validUntil", value.get("expirationDate")))
    if until and until.last() < draft.bag.now.date():
        draft.lose("/validUntil", credentials.EXPIRED, until.text)
    credentials.say_signature(draft, "/", found)
    credentials.keep(draft, found)


def _claims(value: Mapping[str, Any], before: str = "", depth: int = 0) -> list[str]:
    lines: list[str] = []
    for key, one in value.items():
        if key in {"id", "type", "@type", "@id"}:
            continue
        called = f"{before}{key}"
        if isinstance(one, dict) and depth < 3:
            lines += _claims(one, f"{called} › ", depth + 1)
        elif text := in_words(one):
            lines.append(f"{called} : {text}")
    return lines[:_MOST_CLAIMS]


def _in_words(kind: str) -> str:
    """`AlumniCredential` as "Alumni credential"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize()
