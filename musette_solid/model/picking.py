"""Choosing many things at once: by words, by a period, by somebody, for a dossier. What is found is ticked, and can be unticked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from musette_solid.model.activity import Activity
from musette_solid.model.skill import Skill
from musette_solid.model.words import folded


@dataclass(frozen=True, slots=True)
class Search:
    """All the words, in any order, and a period (both days included) that the activity touches; None: open.

    `through`: the only activities that count, those that one knows somebody through; None: all.
    """

    words: str = ""
    first: date | None = None
    last: date | None = None
    through: frozenset[str] | None = None

    def __bool__(self) -> bool:
        return bool(folded(self.words) or self.first or self.last or self.through is not None)


def found(search: Search, activities: Iterable[Activity], skills: Iterable[Skill]) -> frozenset[str]:
    """The IRIs of what a search finds. Skills: by their words; without words, those put to use in what was found."""
    if not search:
        return frozenset()
    wanted = folded(search.words).split()
    chosen = [one for one in activities if _is_in(search, one) and _says(wanted, *_texts(one))]
    used = {iri for one in chosen for iri in one.mobilises} if not wanted else set()
    by_words = wanted and search.through is None  # a skill by itself says nothing of anybody
    named = {one.iri for one in skills if (by_words and _says(wanted, one.label, one.description)) or one.iri in used}
    return frozenset({one.iri for one in chosen} | named)


def _texts(activity: Activity) -> tuple[str | None, ...]:
    organization = activity.organization.name if activity.organization else None
    return (
        activity.title,
        activity.role,
        organization,
        activity.location,
        activity.description,
        *activity.achievements,
    )


def _says(wanted: Iterable[str], *texts: str | None) -> bool:
    said = folded(" ".join(text for text in texts if text))
    return all(word in said for word in wanted)


def _is_in(search: Search, activity: Activity) -> bool:
    """Whether it counts and touches the period; one that says no dates is in none, one that says no end still goes on."""
    if search.through is not None and activity.iri not in search.through:
        return False
    if search.first is None and search.last is None:
        return True
    if activity.start is None and activity.end is None:
        return False
    begins_in_time = search.last is None or activity.start is None or activity.start.first() <= search.last
    ends_in_time = search.first is None or activity.end is None or activity.end.last() >= search.first
    return begins_in_time and ends_in_time
