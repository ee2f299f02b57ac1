"""One note of the journal in a dossier: by its name, its words and its day; nothing else of the journal ever leaves."""

from dataclasses import replace
from datetime import date

import pytest

from musette_solid.model.dossier import USUAL, Selection, Terms
from musette_solid.pod.errors import NotUnderstood
from musette_solid.rdf import terms
from musette_solid.usecases import share as sharing
from musette_solid.usecases.follow import selection_of
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.journal import write_reflection
from musette_solid.usecases.know_person import know_person
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.revoke import list_shares
from tests.usecases.conftest import NOW

CANARY = "CANARY"


def agreed(bag: Bag, to: Bag) -> Terms:
    return Terms("Dossier", bag.owner, "Demo", to.owner, str(terms.PURPOSE_COUNSELLING), NOW, date(2027, 2, 22))


@pytest.fixture
def notes(bag: Bag) -> tuple[str, str]:
    """One to be shown, full of things that stay; and one that stays, of the same day."""
    person = know_person(bag, {"fn": [f"{CANARY} M."]}, NOW)
    activity = log_activity(bag, {"title": [f"{CANARY} activity"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    shown = write_reflection(
        bag,
        {
            "description": ["J’ai tenu la réunion."],
            "date": ["2026-11-02"],
            "feeling": [str(terms.FEELING_HEAVY)],
            "prompt": [f"{CANARY} prompt?"],
            "about": [activity],
            "with": [person],
        },
        NOW,
    )
    kept = write_reflection(bag, {"description": [f"{CANARY} private"], "date": ["2026-11-02"]}, NOW)
    return shown, kept


def chosen(*iris: str, **more: object) -> Selection:
    return replace(Selection(notes=frozenset(iris), named=frozenset(iris)), **more)  # type: ignore[arg-type]


def test_the_recipient_reads_its_words_and_its_day_and_nothing_else(
    bag: Bag, organisation: Bag, notes: tuple[str, str]
) -> None:
    share_id = sharing.new_id()
    shown = sharing.preview(bag, chosen(notes[0]), agreed(bag, organisation), share_id)
    recipient = sharing.check_recipient(bag, organisation.owner)
    made = sharing.share(bag, chosen(notes[0]), agreed(bag, organisation), recipient, share_id, shown.digest)
    opened = read_dossier(organisation.pod, made.dossier, NOW)
    assert opened.turtle == shown.turtle
    assert CANARY.encode() not in opened.turtle
    assert b"feeling" not in opened.turtle
    (note,) = opened.dossier.notes
    assert (note.text, note.on, note.about, note.people, note.prompt) == (
        "J’ai tenu la réunion.",
        date(2026, 11, 2),
        (),
        (),
        None,
    )
    # The journal itself stays closed to them.
    assert organisation.pod.send("GET", bag.layout.journal(2026)).status == 403
    (line,) = list_shares(bag, NOW.date()).lines
    assert selection_of(line.grant, bag) == replace(chosen(notes[0]), detail=USUAL)


def test_a_note_that_is_not_named_stays_out(bag: Bag, organisation: Bag, notes: tuple[str, str]) -> None:
    with pytest.raises(sharing.NothingChosen):
        sharing.preview(bag, Selection(notes=frozenset(notes)), agreed(bag, organisation), sharing.new_id())


def test_a_dossier_of_everything_else_reads_nothing_of_the_journal(
    bag: Bag, organisation: Bag, notes: tuple[str, str]
) -> None:
    activity = log_activity(bag, {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    # A note among the activities is no activity: it does not get in by that way.
    selection = Selection(frozenset({activity, *notes}), named=frozenset(notes))
    shown = sharing.preview(bag, selection, agreed(bag, organisation), sharing.new_id())
    assert not shown.dossier.notes
    assert CANARY.encode() not in shown.turtle
    assert b"journal" not in shown.turtle


def test_days_are_left_out_with_the_dates(bag: Bag, organisation: Bag, notes: tuple[str, str]) -> None:
    selection = chosen(notes[0], detail=USUAL - {terms.DETAIL_DATES})
    (note,) = sharing.preview(bag, selection, agreed(bag, organisation), sharing.new_id()).dossier.notes
    assert note.on is None


def test_what_follows_the_bag_takes_no_note_along(bag: Bag, organisation: Bag, notes: tuple[str, str]) -> None:
    with pytest.raises(sharing.BadTerms):
        sharing.preview(bag, chosen(notes[0], live=True), agreed(bag, organisation), sharing.new_id())


def test_a_word_that_gives_something_away_is_said_before(bag: Bag, organisation: Bag) -> None:
    iri = write_reflection(bag, {"description": ["Après la réunion du syndicat, longue journée."]}, NOW)
    shown = sharing.preview(bag, chosen(iri), agreed(bag, organisation), sharing.new_id())
    assert [reasons for _, reasons in shown.inferred] == [(terms.SENSITIVITY_UNION,)]


def test_another_document_is_no_journal(bag: Bag, organisation: Bag, notes: tuple[str, str]) -> None:
    elsewhere = f"{bag.layout.people}#p-1"
    with pytest.raises(sharing.NothingChosen):
        sharing.preview(bag, chosen(elsewhere), agreed(bag, organisation), sharing.new_id())


def test_a_damaged_year_of_the_journal_is_no_shorter_dossier(
    bag: Bag, organisation: Bag, notes: tuple[str, str]
) -> None:
    answer = bag.pod.send("PUT", bag.layout.journal(2026), {"Content-Type": "text/turtle"}, b"<#r")
    assert answer.ok
    bag.pod.cache.forget(bag.layout.journal(2026))
    with pytest.raises(NotUnderstood):
        sharing.preview(bag, chosen(notes[0]), agreed(bag, organisation), sharing.new_id())
