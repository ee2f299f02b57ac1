"""A few hostile files, chosen on the page; all of them, over HTTP, in `make faults`."""

import pytest

from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.layout import Bag
from tests.faults import hostile_corpus
from tests.faults.hostile_pages import complaints
from tests.faults.import_queue import Answer
from tests.usecases.test_import_formats import stored
from tests.web.reviewer import Reviewer
from tests.web.test_imports import chosen

_CASES = {case.what: case for case in hostile_corpus.corpus("http://localhost:9/")}
_FEW = (
    "zero bytes in the middle of a text",
    "rows shorter and longer than the header",
    "a formula in a cell",
    "an entity from the disk",
    "a billion laughs",
    "half of it",
    "a tar.gz with a name that climbs",
    "half of a tar.gz",
)


@pytest.mark.parametrize("what", _FEW)
def test_a_hostile_file_ends_in_a_sentence_and_changes_nothing(
    what: str,
    newcomer: Reviewer,
    server: MemoryPod,
    bag: Bag,
) -> None:
    before = stored(server, bag)
    page = chosen(newcomer, _CASES[what].make(), "file.bin")
    assert complaints(_CASES[what], Answer(page.status_code, "", page.text, 0)) == []
    assert stored(server, bag) == before
