"""Mint, resolve and compare IRIs."""

import secrets
from datetime import date
from hashlib import sha256
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

# No vowels and no look-alikes: a name never spells a word and can be read aloud.
_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"

# CSS compares the proof's `htu` with JavaScript's encodeURIComponent of each segment; any other spelling is answered 401.
_UNRESERVED = "!~*'()-_."


def fragment(kind: str, day: date | None = None) -> str:
    """A new fragment: `a-20240312-k3f9x`. `kind` is one letter or a short word."""
    suffix = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    return f"{kind}-{day:%Y%m%d}-{suffix}" if day else f"{kind}-{suffix}"


def derived(kind: str, day: date | None, *parts: str) -> str:
    """A fragment that is the same whenever its parts are: who asks twice is given one name."""
    number = int.from_bytes(sha256("\x1f".join((kind, *parts)).encode("utf-8", "replace")).digest()[:10], "big")
    suffix = ""
    while len(suffix) < 10:
        number, index = divmod(number, len(_ALPHABET))
        suffix += _ALPHABET[index]
    return f"{kind}-{day:%Y%m%d}-{suffix}" if day else f"{kind}-{suffix}"


def document(iri: str) -> str:
    """The IRI of the document that says things about `iri`: without its fragment."""
    return iri.partition("#")[0]


def local(iri: str) -> str:
    """The fragment of `iri`, or its last path segment."""
    head, hash_, tail = iri.partition("#")
    return tail if hash_ else head.rstrip("/").rpartition("/")[2]


def resolve(base: str, reference: str) -> str:
    return urljoin(base, reference)


def origin(iri: str) -> str:
    """Scheme, host and port: `https://pod.example:8443`. What is no address ("http://[") is of no origin but itself."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return iri
    return f"{parts.scheme}://{parts.netloc}".lower()


def canonical(url: str) -> str:
    """The URL in the one spelling that servers compare: each path segment as encodeURIComponent writes it.

    What is no address ("http://[") is left as it is: whoever sends it is told so.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = "/".join(quote(unquote(segment), safe=_UNRESERVED) for segment in parts.path.split("/"))
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path or "/", parts.query, ""))


def is_within(container: str, iri: str) -> bool:
    """Whether `iri` lies in `container` (which ends with a slash), after resolving dots as a server would."""
    try:
        return container.endswith("/") and _without_dots(iri).startswith(_without_dots(container))
    except ValueError:  # not an address at all: "http://["
        return False


def _without_dots(iri: str) -> str:
    """Origin and path, with `.` and `..` resolved, however they are written.

    RFC 3986 5.2.4; like the URL parsers of browsers and of Node, `%2e` is a dot and a backslash is a slash.
    """
    parts = urlsplit(document(iri))
    kept: list[str] = []
    segments = parts.path.replace("\\", "/").split("/")[1:]
    for number, segment in enumerate(segments):
        plain = segment.replace("%2e", ".").replace("%2E", ".")
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
        if plain in {".", ".."} and number == len(segments) - 1:
            kept.append("")
    return f"{origin(iri)}/{'/'.join(kept)}"
