"""Values as people write them in files of cases: `6 988,00 €`, `40 %`, `oui`, `2024-05`, `rupture conventionnelle`.

Each reading gives None for what it does not understand: nothing is guessed of a value.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from musette_solid.model.rights.measures import BOARD_ROLES
from musette_solid.model.words import folded

_YES: Final = frozenset({"yes", "oui", "true", "vrai", "ok", "1"})
_NO: Final = frozenset({"no", "non", "false", "faux", "ko", "0", "aucun", "aucune", "jamais"})
#: Words by which a category of engagement is said not to be reached.
REFUSED: Final = _NO | {"pas", "insuffisant", "refuse", "refusee"}

_NATURES: Final[Mapping[str, str]] = {
    "bnc": "bnc", "liberal": "bnc", "liberale": "bnc", "professionliberale": "bnc", "vente": "sales", "ventes": "sales",
    "sales": "sales", "marchandises": "sales", "ventemarchandises": "sales", "ventedemarchandises": "sales", "achatrevente": "sales",
    "bicvente": "sales", "bicventes": "sales", "venteBIC": "sales", "ventesbic": "sales", "services": "services", "service": "services",
    "bic": "services", "bicservices": "services", "bicservice": "services", "servicesbic": "services", "servicebic": "services",
    "prestations": "services", "prestationsbic": "services", "bicprestations": "services", "prestationsservices": "services",
    "prestationsdeservices": "services", "prestationdeservices": "services", "prestationsdeservicesbic": "services",
    "artisan": "services", "artisanat": "services", "commerce": "sales", "commercant": "sales",
}  # fmt: skip
#: How a contract ended, and whether that loss of work is involuntary or legitimate; what the law leaves open is not here.
_GROUNDS: Final[Mapping[str, bool]] = {
    "fincdd": True, "findecdd": True, "fincontrat": True, "findecontrat": True, "finmission": True, "findemission": True, "cdd": True,
    "licenciement": True, "licenciementeconomique": True, "economique": True, "rupture": True, "ruptureconventionnelle": True,
    "rupturecommunaccord": True, "resiliationamiable": True, "ruptureperiodeessai": True, "ruptureperiodedessai": True,
    "demissionlegitime": True, "legitime": True, "involontaire": True, "involuntary": True, "dismissal": True, "endofcontract": True,
    "demission": False, "abandonposte": False, "abandondeposte": False, "volontaire": False, "departvolontaire": False,
    "resignation": False, "quit": False,
}  # fmt: skip
_BOARD: Final = BOARD_ROLES | {"bureau", "dirigeant", "dirigeante", "conseil", "ca", "encadrant", "encadrante", "responsable"}  # fmt: skip
_NO_BOARD: Final = frozenset({"membre", "adherent", "adherente", "benevole", "simple", "usager", "member", "volunteer"})


@lru_cache(maxsize=4096)
def name(text: str) -> str:
    """A name without case, accents, spaces or signs: `heuresParAsso` and `heures_par_asso` are one."""
    return re.sub(r"[^a-z0-9]", "", folded(re.sub(r"[._-]", " ", text)))


def number(value: Any, unit: str = "") -> Decimal | None:
    """A number, exact. A share may be said in percent; of a list or an object of numbers, the sum."""
    if isinstance(value, bool) or value is None:
        # What is so, is so once, or for the whole of the time.
        return Decimal(1) if value and unit in {"day", "count", "ratio"} else None
    if isinstance(value, Mapping | list | tuple):
        parts = [number(part, unit) for part in (value.values() if isinstance(value, Mapping) else value)]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if parts and len(known) == len(parts) else None
    if isinstance(value, Decimal):
        found: Decimal | None = value
    else:
        found = _number_of_text(str(value))
    if found is None or not found.is_finite():
        return None
    said_in_percent = isinstance(value, str) and "%" in value
    return found / 100 if unit == "ratio" and (said_in_percent or 2 <= found <= 100) else found


_UNITS: Final = re.compile(
    r"(?i)(?<=\d)(€|eur|euros?|h|heures?|jours?|j|mois|ans?|ann[ée]es?|trimestres?|points?|%|nuits?|cachets?)$"
)


def _number_of_text(text: str) -> Decimal | None:
    plain = _UNITS.sub("", re.sub(r"[\s\u00a0\u202f]", "", text.lower()))
    if "," in plain and "." in plain:
        # The last of the two is the decimal sign: 1.747,50 and 1,747.50.
        thousands = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(thousands, "")
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None


def day(value: Any) -> date | None:
    """A day as 2024-05-31 or 31/05/2024, a month (its first day) or a year (its first day)."""
    if isinstance(value, date):
        return value
    text = str(value).strip() if value is not None and not isinstance(value, bool | Mapping | list) else ""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T.*)?)?)?", text)
    if match is None:
        french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
        parts = (french[3], french[2], french[1]) if french else None
    else:
        parts = (match[1], match[2] or "1", match[3] or "1")
    if parts is None:
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def flag(value: Any, key: str = "") -> bool | None:
    """Yes or no; the ground of the end of a contract; the role in an association. Of several roles, one is enough."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        answers = [flag(part, key) for part in value]
        return True if True in answers else None if None in answers or not answers else False
    said = name(str(value))
    if said in _YES or said in _NO:
        return said in _YES
    if key == "involuntary":
        return _GROUNDS.get(said)
    if key == "platform-work":
        return bool(said) or None  # the name of a platform
    if key == "on-board":
        words = set(re.split(r"[^a-z]+", folded(str(value))))
        if words & _BOARD:
            return True
        return False if words & _NO_BOARD else None
    return None


def nature(value: Any) -> str | None:
    """The nature of a turnover: `sales`, `services` or `bnc`."""
    return _NATURES.get(name(str(value)))


def amounts(value: Any) -> Mapping[str, Decimal] | None:
    """Amounts by name: an object, a list of numbers (each its own name), or of objects with a name and a number."""
    if value in ("", "none"):
        return {}
    found: dict[str, Decimal] = {}
    pairs: Iterable[tuple[str, Any]]
    if isinstance(value, Mapping):
        pairs = [(str(key), part) for key, part in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [_pair(n, part) for n, part in enumerate(value, 1)]
    else:
        pairs = [("?", value)]
    for key, part in pairs:
        read = number(part)
        if read is None:
            return None
        found[key] = found.get(key, Decimal(0)) + read
    return found


def _pair(place: int, part: Any) -> tuple[str, Any]:
    if not isinstance(part, Mapping):
        return f"n° {place}", part
    names = [v for v in part.values() if isinstance(v, str) and number(v) is None]
    numbers = [v for v in part.values() if number(v) is not None]
    return (names[0] if names else f"n° {place}"), (numbers[0] if len(numbers) == 1 else None)
