"""Forbidden addresses, in some of their forms, at every place where an address comes in (`make faults` has 500 forms)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import musette_solid
from musette_solid.pod import addresses
from tests.faults.guard import TRIED, Places, entry_points, forms, hand_in, leaks, rebound, sweep
from tests.faults.hostile_world import Lab, a_lab

PACKAGE = Path(musette_solid.__file__).parent


@pytest.fixture(scope="module")
def the_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with a_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(the_lab: Lab) -> Lab:
    the_lab.as_before()
    return the_lab


def test_there_are_enough_of_both() -> None:
    assert len(set(forms())) == 500
    assert len(entry_points()) >= 45


def test_no_forbidden_address_is_gone_to_from_anywhere(lab: Lab) -> None:
    handed, broken, crossed = sweep(lab, 24)
    assert handed == 24 * len(entry_points())
    assert broken == []
    assert [address for address in crossed if not str(address[0]).startswith("93.184.")] == []


def test_what_is_no_address_at_all_breaks_nothing_anywhere(lab: Lab) -> None:
    """ "https://[::1:4000/": Python's own reader of addresses gives up on these."""
    broken = []
    for name in entry_points():
        lab.as_before()
        places = Places(lab)
        wanted = [
            form.replace("{p}", str(lab.world.canary.port)) for form in forms() if "[" in form and "]" not in form
        ]
        broken += [hand_in(lab, places, name, form) for form in wanted]
        lab.provider.metadata = {}
        lab.world.publish(f"solid:oidcIssuer <{lab.provider.issuer}>")
    assert len(broken) >= len(entry_points())
    assert [one for one in broken if one] == []


def test_the_canary_would_notice(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "is_public", lambda _: True)
    _, broken, _ = sweep(lab, 60, ("a_recipient", "a_bag_named_by_a_type_index"))
    assert sum("canary was touched" in line for line in broken) == 2


def test_a_name_that_changes_its_mind_is_not_followed_inside(lab: Lab) -> None:
    assert {address[0] for address in rebound(lab)} == {"93.184.216.34"}
    assert lab.world.canary.hits == 0


def test_a_hostile_site_sees_no_token(lab: Lab) -> None:
    assert leaks(lab) == []


def test_every_module_that_goes_somewhere_is_tried_with_hostile_addresses() -> None:
    """Where an address comes from outside: a new module that asks for something goes into the list, and into `Places`."""
    asks = re.compile(
        r"\b(ask_elsewhere|get_following|read_dossier|check_recipient|open_request)\(|transport\.send\(|\.meet\("
    )
    found = {
        f"{path.parent.name}.{path.stem}"
        for room in ("usecases", "pod")
        for path in (PACKAGE / room).glob("*.py")
        if asks.search(path.read_text("utf-8"))
    }
    places = set(entry_points())
    assert found == set(TRIED)
    assert {place for tried in TRIED.values() for place in tried} <= places
