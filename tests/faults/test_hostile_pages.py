"""What hostile files do when somebody chooses them on the page: that what would be wrong is seen."""

import pytest

from tests.faults.hostile_corpus import RECOGNISED, Case
from tests.faults.hostile_files import SECRET
from tests.faults.hostile_pages import complaints
from tests.faults.import_queue import Answer

_NOTICE = '<h1>Import</h1><div class="notice"><p>This is no file that we know.</p></div>'


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        (Case("json", "a", bytes), Answer(500, "", _NOTICE, 0)),
        (Case("json", "a", bytes), Answer(422, "", "<h1>Import</h1>", 0)),
        (Case("json", "a", bytes), Answer(422, "", f"{_NOTICE}{SECRET}", 0)),
        (Case("json", "a", bytes), Answer(422, "", _NOTICE + "x" * 9_000_000, 0)),
        (Case("json", "a", bytes, RECOGNISED), Answer(200, "", "<h1>Import</h1>", 0)),
        (Case("json", "a", bytes), Answer(502, "", "Bad gateway", 0)),
    ],
)
def test_what_would_be_wrong_is_seen(case: Case, answer: Answer) -> None:
    assert complaints(Case("json", "a", bytes), Answer(422, "", _NOTICE, 0)) == []
    assert complaints(case, answer) != []
