"""Texts compared as people read them: case, accents, apostrophes and spaces make no difference."""

import re
import unicodedata

_APART = re.compile(r"[^a-z0-9+#]+")
_LIGATURES = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"}
# Only the accents of European scripts go: a vowel sign of Devanagari is a letter for whoever reads it.
_ACCENTS = dict.fromkeys(map(chr, range(0x300, 0x370)), "")
_PLAIN = str.maketrans(_LIGATURES | _ACCENTS)


def folded(text: str) -> str:
    """`text` in small letters, without accents, its words separated by one space.

    `+` and `#` stay: C, C++ and C# are three skills.
    """
    small = text.casefold()
    if not small.isascii():
        # Small letters again after the decomposition: "℠" gives capitals.
        small = unicodedata.normalize("NFKD", small).casefold().translate(_PLAIN)
    if small.isascii():
        return _APART.sub(" ", small).strip()
    kept = "".join([_letter(character) for character in small])
    return " ".join(unicodedata.normalize("NFC", kept).split())


def words(text: str) -> tuple[str, ...]:
    return tuple(folded(text).split())


def _letter(character: str) -> str:
    kept = character.isalnum() or character in "+#" or unicodedata.category(character)[0] == "M"
    return character if kept else " "
