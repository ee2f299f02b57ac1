"""What hostile files do when somebody chooses them on the page: every one ends in a sentence, and nothing in a space is changed.

A real instance in a process of its own, over HTTP, with the files of `hostile_files`; in between, a plain page is asked for.

python -m tests.faults hostile_pages
"""

import re
import sys
import tempfile
import time
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from tests.faults import hostile_corpus
from tests.faults.hostile_corpus import RECOGNISED, Case
from tests.faults.hostile_files import PARTS, SECRET
from tests.faults.import_queue import Answer, Town, a_town, outcome, send_file
from tests.figures import Figure
from tests.pod.canary import Canary
from tests.web.served import Browser

__all__ = ["PARTS", "complaints", "measure"]

#: What is said of a file that cannot be taken: too heavy for the form is said before it is read.
_REFUSED = {413, 422}
#: A page of a file that was recognised; one that waits for a word (which columns) is one too.
_LARGEST_PAGE = 8_000_000


class _Words(HTMLParser):
    """What a page says, without what only machines read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.notices: list[str] = []
        self.headings: list[str] = []
        self._in: list[list[str]] = []
        self._depth = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h1":
            self._in.append(self.headings)
        elif "notice" in (dict(attrs).get("class") or "").split():
            self._in.append(self.notices)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"h1", "div"} and self._in:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if self._in and data.strip():
            self._in[-1].append(data.strip())


def complaints(case: Case, answer: Answer) -> list[str]:
    """What is not as it should be in the page that somebody gets."""
    words = _Words(answer.page)
    found = []
    if answer.status != 200 and answer.status not in _REFUSED:
        found.append(f"the page came with {answer.status}")
    if not words.headings:
        found.append("it is no page of ours")
    if case.ended == RECOGNISED and answer.status == 200:
        if "/import/write" not in answer.page and "/import/columns" not in answer.page and not words.notices:
            found.append("it neither shows what it would write nor says why not")
    elif answer.status != 413 and not any(len(text) > 10 for text in words.notices):  # that one is a page of its own
        found.append("it says nothing of what was wrong")
    if SECRET in answer.page or "Traceback" in answer.page or re.search(r"\bmusette_solid\b", answer.page):
        found.append("it tells what is no one's business")
    if len(answer.page) > _LARGEST_PAGE:
        found.append(f"the page has {len(answer.page) / 1e6:.1f} MB")
    return found


def measure(parts: Sequence[str] = PARTS) -> list[Figure]:
    figures = []
    canary = Canary()
    try:
        with tempfile.TemporaryDirectory() as folder, a_town(Path(folder), 2) as town:
            for part in parts:
                cases = [one for one in hostile_corpus.corpus(f"http://localhost:{canary.port}/") if one.family == part]
                figures += _measured(part, cases, town)
                figures.append(Figure(f"H-88 page {part}", "addresses outside that were asked", canary.hits, "", "0", canary.hits == 0))  # fmt: skip
    finally:
        canary.close()
    return figures


def _measured(part: str, cases: Sequence[Case], town: Town) -> list[Figure]:
    person, other = town.people
    before, as_meant, longest, widest = town.said(), 0, 0.0, 0
    figures = []
    for case in cases:
        answer = outcome(person, send_file(person, case.make(), f"{case.family}.bin"))
        wrong = complaints(case, answer)
        if town.said() != before:
            wrong.append("something in a space was changed")
            before = town.said()
        longest, widest = max(longest, _plain_page(other)), max(widest, len(answer.page))
        as_meant += not wrong
        sys.stderr.write(
            f"{part}: {case.what}: {answer.status}, {answer.seconds:.1f} s, {len(answer.page)} characters\n"
        )
        for line in wrong:
            sys.stderr.write(f"{part}: {case.what}: NOT AS MEANT: {line}\n")
            figures.append(Figure(f"H-88 page {part}", f"{case.what}: {line[:120]}", 0, "", "= 1", False))
    of_all = len(cases)
    return [
        Figure(f"H-88 page {part}", "files whose page says what they hold, or why not, and changes nothing", as_meant, "of", f"= {of_all}", as_meant == of_all),
        Figure(f"H-88 page {part}", "the longest wait of somebody else for a plain page", longest, "s", "<= 2", longest <= 2),
        Figure(f"H-88 page {part}", "the largest page", round(widest / 1e6, 2), "MB", "<= 8", widest <= _LARGEST_PAGE),
        *figures,
    ]  # fmt: skip


def _plain_page(browser: Browser) -> float:
    begun = time.monotonic()
    status, _, _ = browser.ask("GET", "/activities/")
    assert status == 200, status
    return time.monotonic() - begun
