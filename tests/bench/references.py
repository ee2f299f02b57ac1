"""The search in the whole French ESCO and ROME: how fast while one types, and whether it finds what people mean."""

import sys
import tempfile
from pathlib import Path

from musette_solid.exchange import esco, rome
from musette_solid.exchange.register_files import files_of
from musette_solid.model.references.index import Index, build
from tests.figures import Figure
from tests.model.references import phrasings
from tests.model.references.registers import DATA, TODAY

FIRST_RESULTS_MS = 20


def figures() -> list[Figure]:
    """Nothing, with a word, where the official files are not."""
    if not all((DATA / key).is_dir() for key in ("esco", "rome")):
        sys.stderr.write("SK-search, SK-phrasings: the official files of ESCO and ROME are not on this machine.\n")
        return []
    with tempfile.TemporaryDirectory() as folder:
        indexes = []
        for key, reader in (("esco", esco.read), ("rome", rome.read)):
            place = Path(folder) / f"{key}.sqlite"
            build(place, reader(files_of(DATA / key)), installed=TODAY).close()
            indexes.append(Index(place))
        return [_speed(indexes), *_relevance(indexes)]


def _speed(indexes: list[Index]) -> Figure:
    phrasings.typing_times(indexes, every=20)
    times = phrasings.typing_times(indexes)
    p95 = phrasings.percentile(times, 95) * 1000
    labels = sum(sum(index.about.concepts.values()) for index in indexes)
    middle = phrasings.percentile(times, 50) * 1000
    what = f"first results at p95 while typing, {len(times)} searches in {labels} concepts (p50 {middle:.1f} ms)"
    return Figure("SK-search", what, p95, "ms", f"< {FIRST_RESULTS_MS}", p95 < FIRST_RESULTS_MS)


def _relevance(indexes: list[Index]) -> list[Figure]:
    found = []
    asked = phrasings.answers(indexes)
    for name, part in (("SK-phrasings", "tuned"), ("SK-phrasings-unseen", "unseen")):
        of_part = [answer for answer in asked if answer.phrasing.part == part]
        share = 100 * sum(answer.holds for answer in of_part) / len(of_part)
        what = f"of {len(of_part)} everyday phrasings ({part}), those whose skill is among the first five"
        found.append(Figure(name, what, share, "%", ">= 90", share >= 90))
    for answer in asked:
        first = answer.first[0].label if answer.first else "–"
        mark = "  " if answer.holds else "NO"
        sys.stdout.write(f"{mark} {answer.phrasing.part:7} {answer.phrasing.said:42} {first}\n")
    return found


if __name__ == "__main__":
    from tests.figures import publish

    publish("references", figures())
