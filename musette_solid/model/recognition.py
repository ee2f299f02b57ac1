"""Which activity a person means by a few words: "compta club" is "Comptabilité du club de rugby"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, TypeAlias

from musette_solid.model.activity import Activity
from musette_solid.model.words import words

_ARTICLES_AND_THE_LIKE = """
    de du des d la le les l un une a au aux en dans sur et ou ce cette mon ma mes nos notre y c
    pour par chez avec pendant j ai me suis fait passe
    the an of for at on in to with and my our by from some i did was spent worked work
"""
_SMALL: Final = frozenset(_ARTICLES_AND_THE_LIKE.split())
_SAME: Final = 1.0
_ONE_IN_THE_OTHER: Final = 0.7
_ONE_LETTER_OFF: Final = 0.6


@dataclass(frozen=True, slots=True)
class Recognition:
    """`activity` when there is no doubt; else who it may be, the likeliest first; `used`: the words that said it."""

    activity: Activity | None = None
    candidates: tuple[Activity, ...] = ()
    used: frozenset[str] = frozenset()


def is_small(word: str) -> bool:
    """An article, a preposition: it names nothing."""
    return word in _SMALL


def recognise(said: Sequence[str], activities: Sequence[Activity], on: date) -> Recognition:
    """`said` are folded words. Of several that fit equally, the one going on at `on` is meant, if it is the only one."""
    asked = [word for word in dict.fromkeys(said) if word not in _SMALL]
    if not asked:
        return Recognition()
    fields = [_fields(activity) for activity in activities]
    like = _likenesses(asked + _joined(said), {word for texts in fields for text in texts for word in text})
    known = zip(activities, fields, strict=True)
    scored = [
        score for activity, texts in known if (score := _score(asked, list(said), activity, texts, like)) is not None
    ]
    if not scored:
        return Recognition()
    scored.sort(key=lambda s: -s.value)
    best = scored[0].value
    # Two scores this close say the same thing in words of different lengths.
    first = [s for s in scored if s.value >= best - 0.05]
    if len(first) > 1:
        first = [s for s in first if s.activity.covers(on)] or first
    if len(first) == 1 and first[0].is_sure:
        return Recognition(first[0].activity, (first[0].activity,), first[0].used)
    likely = [s.activity for s in scored if s.value >= best * 0.6]
    return Recognition(None, tuple(likely), frozenset())


@dataclass(frozen=True, slots=True)
class _Score:
    activity: Activity
    value: float
    is_sure: bool
    used: frozenset[str]


#: For each word that was said, the words of the activities that may be it.
_Likenesses: TypeAlias = Mapping[str, Mapping[str, float]]


def _likenesses(asked: Iterable[str], known: Iterable[str]) -> _Likenesses:
    """Every word is compared once, however many activities hold it."""
    others = [word for word in known if word not in _SMALL]
    return {
        word: {other: value for other in others if (value := _likeness(word, other))} for word in dict.fromkeys(asked)
    }


def _fields(activity: Activity) -> tuple[tuple[str, ...], ...]:
    return tuple(words(text) for text in (activity.title, activity.role, _organization(activity)) if text)


def _score(
    asked: list[str], said: list[str], activity: Activity, fields: tuple[tuple[str, ...], ...], like: _Likenesses
) -> _Score | None:
    known = {word for field in fields for word in field}
    likeness = {
        word: max((like[word].get(other, 0.0) for other in known & like[word].keys()), default=0.0) for word in asked
    }
    likeness |= dict.fromkeys(_written_apart(said, known), _SAME)
    used = frozenset(word for word, value in likeness.items() if value)
    if not used:
        return None
    of_what_is_said = sum(likeness.values()) / len(asked)
    of_a_field = max(_covered(field, [*asked, *_joined(said)], like) for field in fields)
    in_full = any(_contains(said, field) for field in fields[:1])
    # What the person said counts most; of two that hold all of it, the one that says little else.
    value = 2 * of_what_is_said + of_a_field + (1.0 if in_full else 0.0)
    is_sure = in_full or of_what_is_said >= 0.5 or of_a_field > 0.5
    return _Score(activity, value, is_sure, used)


def _organization(activity: Activity) -> str:
    return activity.organization.name if activity.organization else ""


def _covered(field: Sequence[str], asked: Sequence[str], like: _Likenesses) -> float:
    own = [word for word in field if word not in _SMALL]
    if not own:
        return 0.0
    return sum(max(like[word].get(other, 0.0) for word in asked) for other in own) / len(own)


def _joined(said: Sequence[str]) -> list[str]:
    return [one + two for one, two in pairwise(said)]


def _written_apart(said: Sequence[str], known: set[str]) -> list[str]:
    """The words of "vélo cargo" when the activity says "VéloCargo"."""
    return [word for pair in pairwise(said) if "".join(pair) in known for word in pair]


def _contains(said: list[str], field: Sequence[str]) -> bool:
    size = len(field)
    return size > 0 and any(tuple(said[i : i + size]) == tuple(field) for i in range(len(said) - size + 1))


def _likeness(word: str, other: str) -> float:
    if word == other or _singular(word) == _singular(other):
        return _SAME
    # "compta" for "comptabilité", but not "courses" for "cours".
    if len(word) >= 4 and other.startswith(word):
        return _ONE_IN_THE_OTHER
    if len(word) >= 5 and len(other) >= 5 and word[0] == other[0] and _is_one_letter_off(word, other):
        return _ONE_LETTER_OFF
    return 0.0


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _is_one_letter_off(one: str, two: str) -> bool:
    if abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    a, b = one[start:], two[start:]
    swapped = len(a) >= 2 and len(b) >= 2 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or swapped
