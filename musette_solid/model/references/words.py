"""Words as a search compares them: folded, without elisions and little words, cut to their stems.

The stem is a light one, of our own: it takes off what French and English put at the end of a word for number, gender,
person, and for making a noun of a verb, so that "organiser", "organisé" and "organisation" meet, and "directeur" and
"directrice". It works on folded words, because people leave accents out.
"""

import re
from functools import lru_cache
from typing import Final

from musette_solid.model.words import folded

_ELISION: Final = re.compile(r"\b(?:[cdjlmnst]|qu|lorsqu|jusqu|puisqu|quelqu)['’ʼ`´](?=\w)", re.IGNORECASE)

#: Words that say nothing about what one can do. No single letter but those that are words: C and R are languages.
_LITTLE: Final = """
    le la les un une des de du au aux en et ou a avec pour par sur dans sans sous chez que qui quoi dont ne pas plus tres
    je tu il elle on nous vous ils elles me te se mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet
    cette ces y ai as avons avez ont suis est es sommes etes sont ete etais etait etaient avait avais avaient fait faire
    fais faisais faisait faisons pendant depuis tout toute tous toutes comme etre avoir afin lors entre vers bien aussi
    tous jours fois chaque divers diverses different differents differente differentes autre autres
    the of and to in for an with my your his her their our on at by from as is are was were be been i we they it this
    that did do doing done
"""
STOP: Final = frozenset(_LITTLE.split())

#: Endings, longest first, with what takes their place and how long what is left must be.
_ENDINGS: Final = tuple(
    sorted(
        {
            **dict.fromkeys(("issement", "issant", "issait", "issent", "issons"), ("", 3)),
            **dict.fromkeys(("ateur", "atrice", "ation", "atif", "ative", "atoire", "ationnel", "ationnelle"), ("", 3)),
            **dict.fromkeys(("iteur", "itrice", "ition"), ("it", 2)),
            **dict.fromkeys(("teur", "trice", "teuse", "tion"), ("t", 3)),
            **dict.fromkeys(("isseur", "isseuse", "eur", "euse", "ion", "if", "ive"), ("", 3)),
            **dict.fromkeys(("ionnaire", "ionnel", "ionnelle", "ionner", "aire", "eux", "eresse"), ("", 4)),
            **dict.fromkeys(("ement", "ment", "age", "ance", "ence", "ite", "erie", "ure"), ("", 4)),
            **dict.fromkeys(("ier", "iere", "er", "ez", "ee", "ir", "ie", "i", "it", "is", "ant", "ante"), ("", 3)),
            **dict.fromkeys(("ais", "ait", "aient", "ons", "ions", "ent", "era", "erait", "re", "u", "ue"), ("", 3)),
            **dict.fromkeys(("ien", "ienne", "el", "elle", "al", "ale", "in", "ine"), ("", 4)),
            "e": ("", 4),
            **dict.fromkeys(("ing", "ed", "ment", "ity", "y"), ("", 4)),
        }.items(),
        key=lambda item: -len(item[0]),
    )
)
_DOUBLE: Final = re.compile(r"([bcdfglmnprst])\1$")


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in their order, folded, without elisions and little words."""
    return tuple([word for word in folded(_ELISION.sub(" ", text)).split() if word not in STOP and _says(word)])


def _says(word: str) -> bool:
    return len(word) > 1 or word in {"c", "r"} or not word.isascii()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a folded word; a short word, a number and a word of another script stay as they are."""
    if len(word) <= 3 or not word.isalpha() or not word.isascii():
        return word
    if word.endswith("aux") and len(word) > 4:
        word = word[:-3] + "al"
    elif word[-1] in "sx" and word[-2] != "s":
        word = word[:-1]
    for ending, (instead, least) in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)] + instead
            break
    word = _DOUBLE.sub(r"\1", word)
    return word[:-1] + "i" if word.endswith("y") else word


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text in their order, each once."""
    return tuple(dict.fromkeys(stem(word) for word in tokens(text)))


_SOUNDS: Final = (
    (re.compile(r"[^a-z]"), ""),
    (re.compile(r"ph"), "f"),
    (re.compile(r"eau|au"), "o"),
    (re.compile(r"qu|ck|k"), "c"),
    (re.compile(r"([gc])h"), r"\1"),
    (re.compile(r"[cs](?=[eiy])"), "s"),
    (re.compile(r"g(?=[eiy])"), "j"),
    (re.compile(r"ai|ei|et$|ez$|er$"), "e"),
    (re.compile(r"en|em|am"), "an"),
    (re.compile(r"y"), "i"),
    (re.compile(r"z"), "s"),
    (re.compile(r"h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=..)(?:e|s|t|x|d)+$"), ""),
)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a folded French word sounds, roughly: "quincaillerie" and "kincailerie" are one."""
    for pattern, instead in _SOUNDS:
        word = pattern.sub(instead, word)
    return word


def without_one_letter(word: str) -> frozenset[str]:
    """The word and what is left of it when any one of its letters is taken out."""
    return frozenset({word, *(word[:place] + word[place + 1 :] for place in range(len(word)))})
