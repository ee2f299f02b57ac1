"""The people of the bag are an address book, and the private index says where it is."""

from musette_solid.pod import discovery, webid
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases.import_file import Choices, look, take_in
from musette_solid.usecases.know_person import know_person
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.recover import recover
from tests.usecases.conftest import NOW

CARD = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:D. M.\r\nEND:VCARD\r\n"


def announced(server: MemoryPod, bag: Bag) -> tuple[str, ...]:
    index = discovery.private_type_index(bag.pod, webid.profile(server, bag.owner))
    return discovery.registered(bag.pod, index, terms.VCARD_ADDRESS_BOOK)


def test_it_is_announced_with_the_first_person(server: MemoryPod, bag: Bag) -> None:
    recover(bag, NOW)
    assert announced(server, bag) == ()
    know_person(bag, {"fn": ["D. M."]}, NOW)
    assert announced(server, bag) == (f"{bag.layout.people}#book",)


def test_people_who_came_with_a_file_are_announced_at_the_next_sign_in_once(server: MemoryPod, bag: Bag) -> None:
    found = look(bag, CARD, "contacts.vcf", NOW)
    take_in(bag, found, NOW, Choices(frozenset(line.node for line in found.lines)))
    for _ in range(2):
        recover(bag, NOW)
        assert announced(server, bag) == (f"{bag.layout.people}#book",)
