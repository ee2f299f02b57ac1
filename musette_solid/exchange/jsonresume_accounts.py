"""The accounts of a JSON Resume (`basics.profiles`): each asked for by itself, in the document that no dossier shows."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from musette_solid.errors import N_
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.strict_json import pointer
from musette_solid.model.words import folded
from musette_solid.rdf import terms

PROFILES: Final = pointer("basics", "profiles")
_NAMELESS: Final = N_("this account says neither its name nor its address")
_MOST: Final = 100
#: Where the best known networks are, for accounts that only say their name there.
_HOMES: Final = {
    "linkedin": "https://www.linkedin.com/",
    "github": "https://github.com/",
    "gitlab": "https://gitlab.com/",
    "stackoverflow": "https://stackoverflow.com/",
    "stack overflow": "https://stackoverflow.com/",
    "orcid": "https://orcid.org/",
    "twitter": "https://twitter.com/",
    "x": "https://x.com/",
    "facebook": "https://www.facebook.com/",
    "instagram": "https://www.instagram.com/",
}


def into(resume: Any, draft: Draft) -> None:
    basics = resume.get("basics") if isinstance(resume, dict) else None
    profiles = basics.get("profiles") if isinstance(basics, dict) else None
    for number, one in enumerate(profiles[:_MOST] if isinstance(profiles, list) else ()):
        place = f"{PROFILES}/{number}"
        if isinstance(one, dict) and (_text(one, "username") or _text(one, "url")):
            url = draft.link(place, _text(one, "url"))
            home = f"https://{urlsplit(url).netloc}/" if url else _HOMES.get(folded(_text(one, "network")), "")
            draft.account(place, home, _text(one, "username") or None, url, facet=terms.FACET_PROFESSIONAL)
        else:
            draft.lose(place, _NAMELESS, _text(one, "network") if isinstance(one, dict) else "")


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return value.strip() if isinstance(value, str) else ""
