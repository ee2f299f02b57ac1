"""A method is passed on from the bag: exactly what was looked at, with whose it is; taken up elsewhere, it can be followed."""

import pytest

from musette_solid import shipped
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import terms
from musette_solid.usecases import bring_method, pass_on_method
from musette_solid.usecases.bring_method import InUse, from_file, from_url, keep_method, own_method
from musette_solid.usecases.follow_method import begin
from musette_solid.usecases.intents import under_way
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import LICENCES, NoLicence, NotOursToPassOn
from musette_solid.usecases.recover import recover
from musette_solid.usecases.share import PreviewOutdated
from musette_solid.usecases.take_out import put_back
from musette_solid.usecases.unpublish import CLOSED
from musette_solid.usecases.who_sees import who_sees
from tests.usecases.conftest import NOW

EXAMPLE = (shipped.VOCAB / "examples" / "method.ttl").read_text("utf-8")
BY, SHARE_ALIKE, _ = LICENCES
MINE = EXAMPLE.replace(
    "    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .", "    mus:minutes 10 .", 1
)


def brought(bag: Bag, text: str = EXAMPLE) -> str:
    return keep_method(bag, from_file(text.encode(), "mine.ttl"), NOW)


def status(bag: Bag, address: str) -> int:
    return bag.pod.anonymous().send("GET", address.partition("#")[0], {"Accept": resources.ACCEPT}).status


def test_a_stranger_reads_exactly_what_was_looked_at_and_follows_it(bag: Bag, organisation: Bag) -> None:
    key = brought(bag)
    begin(bag, own_method(bag, key), "fr", NOW)
    shown = pass_on_method.look(bag, key, "", NOW)
    address = pass_on_method.pass_on(bag, key, shown.licence, NOW, shown.digest)
    read = resources.read(bag.pod.anonymous(), address)
    assert set(read.graph) == set(shown.graph)
    for private in (bag.layout.method(key), bag.layout.methods, bag.layout.commons, bag.layout.journal(NOW.year)):
        assert status(bag, private) in {401, 403}
    picture = who_sees(bag, NOW.date())
    assert (picture.passed_on, picture.openings) == (1, ())

    theirs = keep_method(organisation, from_url(organisation.pod.transport, address), NOW)
    method = own_method(organisation, theirs)
    assert (method.title["en"], len(method.steps)) == ("What I learnt there", 2)
    assert (method.license, method.creators, method.taken_from) == (BY, (bag.owner,), (address,))
    # Passed on again, it keeps all three: the licence is not theirs to choose.
    again = pass_on_method.look(organisation, theirs, SHARE_ALIKE, NOW).seen
    assert (again.license, again.creators, again.taken_from) == (BY, (bag.owner,), (address,))


def test_it_is_taken_back_and_who_took_it_up_keeps_it(bag: Bag, organisation: Bag) -> None:
    key = brought(bag)
    address = pass_on_method.pass_on(bag, key, BY, NOW)
    theirs = keep_method(organisation, from_url(organisation.pod.transport, address), NOW)
    pass_on_method.take_back(bag, key, NOW)
    assert status(bag, address) in CLOSED
    assert pass_on_method.published(bag, key) is None
    assert own_method(organisation, theirs).title
    pass_on_method.take_back(bag, key, NOW)


def test_ones_own_goes_under_the_licence_that_one_chooses(bag: Bag) -> None:
    key = brought(bag, MINE)
    with pytest.raises(NoLicence):
        pass_on_method.look(bag, key, "", NOW)
    shown = pass_on_method.look(bag, key, SHARE_ALIKE, NOW)
    assert (shown.seen.license, shown.seen.creators) == (SHARE_ALIKE, (bag.owner,))
    with pytest.raises(PreviewOutdated):
        pass_on_method.pass_on(bag, key, BY, NOW, shown.digest)
    assert pass_on_method.published(bag, key) is None


def test_somebody_elses_without_a_licence_is_not_passed_on(bag: Bag) -> None:
    named = MINE.replace("mus:minutes 10 .", 'dcterms:creator "Atelier démo" .', 1)
    key = brought(bag, named)
    assert own_method(bag, key).creators == ("Atelier démo",)
    with pytest.raises(NotOursToPassOn):
        pass_on_method.look(bag, key, BY, NOW)


def test_the_name_of_a_maker_goes_on_with_it(bag: Bag, organisation: Bag) -> None:
    key = brought(bag, EXAMPLE.replace("mus:minutes 10 ;", 'mus:minutes 10 ; dcterms:creator "Atelier démo" ;', 1))
    address = pass_on_method.pass_on(bag, key, BY, NOW)
    theirs = keep_method(organisation, from_url(organisation.pod.transport, address), NOW)
    assert own_method(organisation, theirs).creators == ("Atelier démo",)


def test_deleting_takes_back_first_and_is_undone(bag: Bag) -> None:
    key = brought(bag)
    address = pass_on_method.pass_on(bag, key, BY, NOW)
    removed = pass_on_method.remove_method(bag, key, NOW)
    assert status(bag, address) in CLOSED
    bag.pod.cache = Cache()
    with pytest.raises(NotThere):
        own_method(bag, key)
    put_back(bag, removed.packed)
    bag.pod.cache = Cache()
    assert len(own_method(bag, key).steps) == 2
    begin(bag, own_method(bag, key), "fr", NOW)
    with pytest.raises(InUse):
        pass_on_method.remove_method(bag, key, NOW)


def test_deleting_that_was_cut_is_finished_at_the_next_sign_in(bag: Bag) -> None:
    key = brought(bag)
    address = pass_on_method.pass_on(bag, key, BY, NOW).partition("#")[0]
    with pytest.MonkeyPatch.context() as patched:

        def dies(*_: object, **__: object) -> bool:
            raise KeyboardInterrupt

        patched.setattr(resources, "delete", dies)
        with pytest.raises(KeyboardInterrupt):
            pass_on_method.remove_method(bag, key, NOW)
    recover(bag, NOW, everything=True)
    bag.pod.cache = Cache()
    assert status(bag, address) in CLOSED
    assert bring_method.own_methods(bag) == ()


def test_an_interrupted_publication_is_finished_or_taken_back(bag: Bag) -> None:
    key = brought(bag)
    address = bag.layout.common_method(key)
    shown = pass_on_method.look(bag, key, BY, NOW)

    class PowerCut(BaseException):
        """As when the process dies."""

    def cut() -> None:
        with under_way(bag, terms.OPERATION_PUBLISH, NOW, makes=[address.rpartition("/")[0] + "/"]):
            resources.create(bag.pod, address, shown.graph)
            raise PowerCut

    with pytest.raises(PowerCut):
        cut()
    recover(bag, NOW, everything=True)
    assert status(bag, address) in CLOSED
    assert pass_on_method.published(bag, key) is None
    pass_on_method.pass_on(bag, key, BY, NOW)
    assert status(bag, address) == 200


@pytest.mark.parametrize("key", ["..", "a/b", "", "é", "m-none"])
def test_a_key_that_is_none_opens_nothing(bag: Bag, key: str) -> None:
    for act in (pass_on_method.look, pass_on_method.pass_on):
        with pytest.raises(NotThere):
            act(bag, key, BY, NOW)
    assert bring_method.own_methods(bag) == ()
