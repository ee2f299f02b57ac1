"""A whole life of rights: 500 activities, 10,000 entries, ten years, every scheme; then one edit.

Beside it, in turn: reading the same documents, which any use of them costs first.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

from musette_solid.model import activity as activities_model
from musette_solid.model import time as time_model
from musette_solid.model.rights import facts, schemes
from musette_solid.model.rights.facts import Life
from musette_solid.model.rights.life import Evaluator
from musette_solid.rdf import syntax
from tests.figures import Figure

AS_OF = date(2026, 11, 25)
BASE = "https://demo.example/musette/"
ACTIVITIES, ENTRIES, YEARS = 500, 10_000, 10
_SPHERES = ("employment", "self-employment", "platform-work", "volunteering", "civic-engagement", "care", "job-search")


def documents() -> list[bytes]:
    """The bag: activities and facts, then a document of time a year."""
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in syntax.PREFIXES.items())
    lines = [head]
    for n in range(ACTIVITIES):
        year = AS_OF.year - YEARS + 1 + n % YEARS
        end = f'schema:endDate "{min(year + n % 3, AS_OF.year)}"^^xsd:gYear ;' if n % 4 else ""
        lines.append(
            f'<#a-{n}> a mus:Activity ; dcterms:title "Activity {n}" ; mus:sphere mus:sphere-{_SPHERES[n % len(_SPHERES)]} ; {end} '
            f'mus:weeklyHours {n % 8}.0 ; schema:startDate "{year}"^^xsd:gYear ; org:organization <#o-{n % 40}> .'
        )
        if n % len(_SPHERES) in {0, 2}:
            kind = "gross-salary" if n % len(_SPHERES) == 0 else "platform-turnover"
            lines.append(
                f"<#f-{n}> a mus:IncomeStatement ; mus:factKind mus:factKind-{kind} ; mus:amount {900 + n}.50 ; "
                f'dcterms:date "{year}"^^xsd:gYear ; mus:activity <#a-{n}> .'
            )
    lines += [f'<#o-{n}> a org:Organization ; foaf:name "Organisation {n}" .' for n in range(40)]
    lines.append(
        '<#b> a mus:RightsFact ; mus:factKind mus:factKind-birth-date ; mus:statedDay "1980-01-01"^^xsd:date .'
    )
    years: dict[int, list[str]] = {}
    for n in range(ENTRIES):
        on = date(AS_OF.year - YEARS + 1 + n % YEARS, 1, 1) + timedelta(days=n // YEARS % 300)
        years.setdefault(on.year, [head]).append(
            f'<#t-{n}> a mus:TimeEntry ; mus:activity <activities.ttl#a-{n * 7 % ACTIVITIES}> ; dcterms:date "{on}"^^xsd:date ; mus:minutes {30 + n % 90} .'
        )
    return ["\n".join(lines).encode(), *("\n".join(found).encode() for found in years.values())]


def read(data: list[bytes]) -> Life:
    first, *others = (syntax.parse(one, syntax.TURTLE, BASE + "activities.ttl") for one in data)
    entries = tuple(entry for graph in others for entry in time_model.read(graph))
    return Life(activities_model.read(first), facts.read(first), entries, AS_OF)


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def figures(rounds: int = 7) -> list[Figure]:
    data, law = documents(), schemes.law()
    life = read(data)
    edits = []
    for n in range(rounds):
        first = life.entries[n]
        changed = time_model.TimeEntry(first.iri, first.activity, first.on, first.minutes + 1)
        edits.append(Life(life.activities, life.stated, (*life.entries[:n], changed, *life.entries[n + 1 :]), AS_OF))
    whole, reading, edited = [], [], []
    for n in range(rounds):
        fresh = Life(life.activities, life.stated, life.entries, AS_OF)
        reading.append(_seconds(lambda: read(data)))
        evaluator = Evaluator(law)
        whole.append(_seconds(lambda e=evaluator, f=fresh: e.evaluate(f)))  # type: ignore[misc]
        edited.append(_seconds(lambda e=evaluator, f=edits[n]: e.evaluate(f)))  # type: ignore[misc]
    beside = statistics.median(reading)
    seconds, again = statistics.median(whole), statistics.median(edited)
    what = f"{ACTIVITIES} activities, {ENTRIES:,} entries, {YEARS} years, {len(law)} schemes"
    return [
        Figure("C2-life", f"all rights of a life: {what}", seconds, "s", "< 1", seconds < 1),
        Figure(
            "C2-life-ratio",
            "the same, beside reading the documents",
            seconds / beside,
            "x",
            "< 4",
            seconds < 4 * beside,
        ),
        Figure("C2-edit", "the same again after one entry was corrected", again, "s", "< 0.5", again < 0.5),
        Figure("C2-edit-ratio", "an edit beside the whole life", again / seconds, "x", "< 1", again < seconds),
    ]
