"""What pages leave behind does not come together until clearing it away is felt."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from musette_solid.web import Config, create_app
from musette_solid.web.clearing import SOME


@pytest.fixture
def never_by_itself() -> Iterator[None]:
    """Python's own collector waits for longer than these tests take."""
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(10_000_000, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("never_by_itself")
def test_a_hundred_pages_leave_no_more_than_some_of_them(tmp_path: Path) -> None:
    client = create_app(Config(base_url="http://localhost:8000", data=tmp_path), who=lambda: None).test_client()

    def page() -> None:
        with client.get(
            "/help", headers={"Host": "localhost:8000"}
        ) as answer:  # closed, as a server does once it is sent
            assert answer.status_code == 200

    page()  # templates are compiled once, and stay
    gc.collect()
    most = 0
    for _ in range(100):
        page()
        most = max(most, gc.get_count()[0])
    assert most < 2 * SOME
    left = gc.collect()
    assert left < 2 * SOME  # nothing that only the rare, long collection would find
