"""A light question drawn from the bag itself; another one each day, none that scolds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from musette_solid.errors import N_
from musette_solid.model.activity import Activity
from musette_solid.model.journal import Reflection
from musette_solid.model.people import Person, to_thank
from musette_solid.model.skill import Skill

#: An activity that ended so lately is still warm.
_WARM: Final = timedelta(days=90)
#: Of something that goes on, a word now and then.
_SILENT: Final = timedelta(days=30)

#: For every day, and for a bag that is still empty: two for each day of the week.
_ALWAYS: Final = (
    N_("What surprised you lately?"),
    N_("Who helped you this week, and whom did you help?"),
    N_("What have you learnt these days, even something small?"),
    N_("What did you do that nobody saw?"),
    N_("What would you do again in the same way?"),
    N_("What gave you energy this week?"),
    N_("Which moment of these days would you like to keep?"),
    N_("What is easier for you now than a year ago?"),
    N_("What did somebody ask you for lately, and what does that say of what you can do?"),
    N_("What would you like to have more of in your weeks?"),
    N_("What did you try that was new to you?"),
    N_("Which gesture of your work could you teach somebody?"),
    N_("What did you leave aside that you may take up again one day?"),
    N_("Where did you feel in your place these days?"),
)
_WEEK: Final = 7


@dataclass(frozen=True)
class Prompt:
    """`sentence` is a msgid whose places are `values`; `about` are the things of the bag that it speaks of."""

    sentence: str
    values: dict[str, str | int] = field(default_factory=dict)
    about: tuple[str, ...] = ()


def prompts(
    activities: Sequence[Activity],
    skills: Sequence[Skill],
    reflections: Sequence[Reflection] = (),
    people: Sequence[Person] = (),
    *,
    today: date,
) -> tuple[Prompt, ...]:
    """All that the bag suggests, then those of every day."""
    found = [
        *_in_several_spheres(activities, skills),
        *_warm(activities, reflections, today),
        *_silent(activities, reflections, today),
        *(
            Prompt(N_("You wanted to thank %(name)s. What would you say?"), {"name": one.name}, (one.iri,))
            for one in to_thank(people)
        ),
    ]
    return (*found, *map(Prompt, _ALWAYS))


def prompt_of(day: date, found: Sequence[Prompt]) -> Prompt:
    """The same all day long; none comes back within seven days, whatever was written in between.

    Each question has its day of the week. What the bag suggests comes first; a single one takes turns with one for every day.
    """
    weekday, week = day.toordinal() % _WEEK, day.toordinal() // _WEEK
    always = [Prompt(sentence) for place, sentence in enumerate(_ALWAYS) if place % _WEEK == weekday]
    of_bag = sorted(
        (one for one in found if one.sentence not in _ALWAYS and _weekday_of(one) == weekday),
        key=lambda one: (one.sentence, one.about),
    )
    turns = [*of_bag, always[week // 2 % len(always)]] if len(of_bag) == 1 else of_bag or always
    return turns[week % len(turns)]


def _weekday_of(prompt: Prompt) -> int:
    """Always the same for a question about the same things."""
    said = "\n".join((prompt.sentence, *sorted(prompt.about)))
    return int.from_bytes(sha256(said.encode()).digest()[:4]) % _WEEK


def _in_several_spheres(activities: Sequence[Activity], skills: Sequence[Skill]) -> list[Prompt]:
    found = []
    by_skill: dict[str, set[str]] = {}
    for activity in activities:
        for iri in activity.mobilises if activity.sphere else ():
            by_skill.setdefault(iri, set()).add(str(activity.sphere))
    for skill in skills:
        spheres = by_skill.get(skill.iri, ())
        if len(spheres) >= 2:
            sentence = N_(
                "You have used “%(skill)s” in %(count)s spheres of your life. Where does it come most easily?"
            )
            found.append(Prompt(sentence, {"skill": skill.label, "count": len(spheres)}, (skill.iri,)))
    return found[:3]


def _warm(activities: Sequence[Activity], reflections: Sequence[Reflection], today: date) -> list[Prompt]:
    spoken = {iri for one in reflections for iri in one.about if one.on and one.on > today - _WARM}
    return [
        Prompt(N_("“%(title)s” has ended. What do you take with you?"), {"title": a.title}, (a.iri,))
        for a in activities
        if a.end and today - _WARM <= a.end.last() < today and a.iri not in spoken and a.title
    ][:2]


def _silent(activities: Sequence[Activity], reflections: Sequence[Reflection], today: date) -> list[Prompt]:
    spoken = {iri for one in reflections for iri in one.about if one.on and one.on > today - _SILENT}
    return [
        Prompt(N_("“%(title)s” goes on. What has changed there lately?"), {"title": a.title}, (a.iri,))
        for a in activities
        if a.is_ongoing(today) and a.iri not in spoken and a.part_of is None and a.title
    ][:3]
