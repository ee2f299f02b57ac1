"""Every operation of more than one request, made the same each time: so that "before" and "after" can be compared to the letter."""

import json
import random
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from unittest import mock

from rdflib import Literal, URIRef

from musette_solid import shipped
from musette_solid.exchange import profile_writing
from musette_solid.model.comment import Comment
from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.journal import Reflection
from musette_solid.model.methods import Proposed, Session
from musette_solid.model.portfolio import Portfolio
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.request import Need
from musette_solid.pod import resources
from musette_solid.pod.errors import AlreadyThere, NotThere
from musette_solid.pod.http import Upload
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import (
    answer_request,
    archive,
    ask,
    ask_platform,
    assess_another,
    bring_method,
    comment,
    empty_letterbox,
    follow,
    follow_method,
    import_file,
    import_record,
    journal,
    keep,
    keep_evidence,
    keep_tools,
    know_person,
    letters,
    list_activities,
    log_time,
    look_at_skill,
    open_to_all,
    opening,
    pass_on,
    pass_on_method,
    propose_skills,
    publish,
    publish_calendar,
    put_back,
    renew,
    renew_letterbox,
    resume_import,
    set_up,
    show_in_profile,
    take_out,
    unpublish,
    who_sees,
    write_cv,
)
from musette_solid.usecases import declare_skill as skills
from musette_solid.usecases import leave as leaving
from musette_solid.usecases import revoke as revoking
from musette_solid.usecases import share as sharing
from musette_solid.usecases.correct_activity import correct_activity
from musette_solid.usecases.documents import version_of
from musette_solid.usecases.granted import read_dossier
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.log_activity import log_activity

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
#: By then nobody is at work on what was begun at NOW.
LATER = NOW + timedelta(minutes=5)
TOMORROW = NOW + timedelta(days=1)
SHARE_ID = "00000000-0000-4000-8000-00000000000a"
OTHER_SHARE = "00000000-0000-4000-8000-00000000000b"
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
EMPTY = frozenset({"musette/.acl"})
RESUME = json.dumps(
    {
        "basics": {"name": "Demo"},
        "work": [{"name": "Atelier", "position": "Soudeur", "startDate": "2019-03", "endDate": "2021"}],
        "skills": [{"name": "Soudure", "level": "Advanced", "keywords": ["TIG"]}],
    }
).encode()


class _Sequence:
    """In place of `secrets`: the same names each time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def choice(self, of: str) -> str:
        return self._random.choice(of)

    def token_bytes(self, number: int) -> bytes:
        return self._random.randbytes(number)


@contextmanager
def same_names(seed: int) -> Iterator[None]:
    """The same names each time, and for everybody: what is named after its owner too."""
    derived, node_for = names.derived, profile_writing.node_for

    def of_nobody(kind: str, day: date | None, _owner: str, *parts: str) -> str:
        return derived(kind, day, "", *parts)

    def in_nobodys_profile(source: str, holder: str, part: str = "") -> URIRef:
        return node_for(names.local(source), holder, part)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(names, "secrets", _Sequence(seed)))
        stack.enter_context(mock.patch.object(names, "derived", of_nobody))
        stack.enter_context(mock.patch.object(publish_calendar, "secrets", _Sequence(seed)))
        stack.enter_context(mock.patch.object(profile_writing, "node_for", in_nobodys_profile))
        yield


def of_two_runs(triples: frozenset[Triple]) -> frozenset[Triple]:
    """What a document says, but for what is new each time: names of registrations in an index, and when something was finished."""
    said: dict[object, list[str]] = {}
    for s, p, o in triples:
        if names.local(str(s)).startswith("r-"):
            said.setdefault(s, []).append(f"{p} {o}")
    found = sorted(said, key=lambda node: (sorted(said[node]), str(node)))
    known = {node: URIRef(f"urn:registration:{number}") for number, node in enumerate(found)}
    return frozenset(
        (known.get(s, s), p, Literal("some time") if p == terms.PROV_INVALIDATED_AT_TIME else o) for s, p, o in triples
    )


@dataclass(frozen=True)
class Place:
    """Where an operation is tried: a person's storage, and somebody to share with, who may ask for something."""

    pod: Pod
    storage: str
    recipient: str
    asking: Bag | None = None

    @property
    def bag(self) -> Bag:
        return Bag(self.pod, Layout.in_storage(self.storage))


@dataclass(frozen=True)
class Operation:
    """`prepare` makes what there is before; `act` is what is interrupted, and may be done again as it was."""

    name: str
    prepare: Callable[[Place], object]
    act: Callable[[Place], object]
    later: datetime = LATER  # when the person signs in again
    #: What the person says of what waits for a word, once signed in again.
    word: Callable[[Bag], object] = lambda _bag: None
    #: What may be there until it is done again: an empty folder that nobody else may read, nothing of a bag.
    residue: frozenset[str] = frozenset()
    #: What is said of it when it was taken back, where that is said: done, and this.
    taken_back: Callable[[Place], object] | None = None


def _bag(place: Place) -> Bag:
    bag = set_up.create(place.pod, place.storage, NOW)
    with same_names(1):
        activity = log_activity(bag, {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
        log_activity(bag, {"title": ["CANARY private"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
        skills.declare_skill(bag, {"prefLabel": ["Tenir les comptes"]}, NOW, used_in=[activity])
        log_time.log_time(bag, activity, 90, NOW.date())
    return bag


def _activity(bag: Bag) -> str:
    with same_names(1):
        return f"{bag.layout.activities}#{names.fragment('a', NOW.date())}"


def _skill(bag: Bag) -> str:
    with same_names(1):
        names.fragment("a")
        names.fragment("a")
        return f"{bag.layout.skills}#{names.fragment('s')}"


def _entry(bag: Bag) -> str:
    with same_names(1):
        for _ in range(3):
            names.fragment("a")
        return f"{bag.layout.time(NOW.year)}#{names.fragment('t', NOW.date())}"


def _share(
    place: Place,
    share_id: str,
    until: date = date(2027, 2, 22),
    *,
    live: bool = False,
    request: str | None = None,
    comments: bool = False,
) -> None:
    bag = place.bag
    selection = Selection(frozenset({_activity(bag)}), frozenset({_skill(bag)}), live=live)
    agreed = Terms("Dossier", bag.owner, "Demo", place.recipient, str(terms.PURPOSE_RECRUITMENT), NOW, until)
    agreed = replace(agreed, comments=comments)
    recipient = sharing.Recipient(place.recipient, "Demo association", None, ("https://issuer.example/",))
    sharing.share(bag, selection, agreed, recipient, share_id, request=request)


def _share_and_prove(place: Place) -> None:
    _share(place, SHARE_ID)
    opening.confirm(place.bag, SHARE_ID)


def _with_share(place: Place) -> None:
    _bag(place)
    _share(place, SHARE_ID)
    revoking.list_shares(place.bag, NOW.date())  # looked at: it is confirmed


def _with_two_that_end(place: Place) -> None:
    _bag(place)
    for share_id in (SHARE_ID, OTHER_SHARE):
        _share(place, share_id, NOW.date())
    revoking.list_shares(place.bag, NOW.date())


def _with_import(place: Place) -> None:
    _bag(place)
    _import(place)
    import_record.settle(place.bag, NOW)  # looked at: it is known to have ended


def _import(place: Place) -> None:
    with same_names(2):
        import_file.import_file(place.bag, RESUME, "cv.json", NOW)


def _run(bag: Bag) -> str:
    (run,) = import_file.runs(bag, NOW)
    return run.iri


def _goes_on(bag: Bag) -> None:
    for run in import_file.runs(bag, LATER):
        if run.can_go_on:
            resume_import.resume(bag, run.iri, LATER)


def _is_taken_back(bag: Bag) -> None:
    for run in import_file.runs(bag, LATER):
        if run.state == "cut":
            import_file.undo(bag, run.iri, LATER)


def _record(place: Place) -> None:
    with same_names(3):
        skills.declare_skill(place.bag, {"prefLabel": ["Souder"]}, NOW, used_in=[_activity(place.bag)])


def _correct(place: Place) -> None:
    bag = place.bag
    seen = skills.one_skill(bag, _skill(bag)).version
    skills.correct_skill(bag, _skill(bag), {"prefLabel": ["Tenir les livres"]}, NOW, seen, used_in=[])


def _move(place: Place) -> None:
    bag = place.bag
    log_time.correct_entry(bag, _entry(bag), _activity(bag), 60, date(2025, 12, 31), None, "moved", now=NOW)


def _propose(place: Place) -> None:
    """Two skills proposed for an activity: one of them kept, one set aside."""
    bag = place.bag
    concepts = {"http://data.europa.eu/esco/skill/0000": "Souder à plat"}
    with same_names(4):
        propose_skills.answer(bag, Shelf(), _activity(bag), concepts, ["http://data.europa.eu/esco/skill/0001"], NOW)


def _keep_cv(place: Place) -> None:
    made = write_cv.write_cv(place.bag, NOW)
    with same_names(5):
        write_cv.keep(place.bag, made, b"%PDF-1.7 CANARY", "Demo association", NOW)


def _import_with_file(place: Place) -> None:
    with same_names(2):
        found = import_file.look(place.bag, RESUME, "cv.json", NOW)
        import_file.take_in(place.bag, found, NOW, import_file.Choices(), RESUME)


def _with_file(place: Place) -> None:
    _bag(place)
    _import_with_file(place)
    import_record.settle(place.bag, NOW)


def _archive() -> bytes:
    """Of another bag, with a document, a year of time and a file of another kind."""
    server = MemoryPod()
    person = server.create_pod("elsewhere")
    place = Place(server.pod_for(person.webid), person.storage, person.webid)
    with same_names(6):
        bag = set_up.create(place.pod, place.storage, NOW)
        activity = log_activity(bag, {"title": ["Ailleurs"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
        log_time.log_time(bag, activity, 30, date(2025, 3, 1))
        _keep_cv(place)
    return archive.make(bag, NOW).data


ARCHIVE = _archive()


def _restore(place: Place) -> None:
    put_back.restore(place.bag, ARCHIVE, "archive.zip", now=NOW)


def _ask(place: Place) -> None:
    need = Need(terms.Activity)
    with mock.patch.object(ask, "new_id", return_value=SHARE_ID):
        ask.ask(place.bag, "Mission", terms.PURPOSE_RECRUITMENT, 30, (need,), {"fr": "Pour vous connaître."}, NOW)


def _with_request(place: Place) -> None:
    _bag(place)
    _ask(place)


def _asked(place: Place) -> None:
    """Somebody asks for activities, in their own space."""
    _bag(place)
    assert place.asking is not None
    need = Need(terms.Activity)
    with mock.patch.object(ask, "new_id", return_value=OTHER_SHARE), suppress(AlreadyThere):
        ask.ask(place.asking, "Mission", terms.PURPOSE_RECRUITMENT, 30, (need,), {"fr": "Pour vous connaître."}, NOW)


def _answer(place: Place) -> None:
    assert place.asking is not None
    bag = place.bag
    opened = answer_request.open_request(bag, place.asking.layout.request(OTHER_SHARE))
    _share(place, SHARE_ID, request=opened.request.iri)
    chosen = [list_activities.one_activity(bag, _activity(bag)).activity]
    answer_request.accepted(bag, opened, chosen, NOW)


def _attach(place: Place) -> None:
    given = keep_evidence.Given(Upload(lambda: BytesIO(PICTURE), len(PICTURE)), "CANARY.png")
    with same_names(7):
        keep_evidence.attach_file(place.bag, _activity(place.bag), given, {}, NOW)


def _with_evidence(place: Place) -> None:
    _bag(place)
    _attach(place)


def _put_back_what_was_deleted(place: Place) -> None:
    """What a page carried since the deletion: a thing of one document, and what was said with it in another."""
    layout = place.bag.layout
    gone = {layout.skills: URIRef(f"{layout.skills}#s-gone"), layout.activities: URIRef(f"{layout.activities}#a-gone")}
    out = {iri: frozenset([(it, terms.DCTERMS_TITLE, Literal("Gone"))]) for iri, it in gone.items()}
    take_out.put_back(place.bag, take_out.pack(gone.values(), out), NOW)


def _remove_evidence(place: Place) -> None:
    for piece in keep_evidence.kept_evidence(place.bag).pieces:
        keep_evidence.remove_evidence(place.bag, piece.evidence.iri, NOW)


def _prepared(place: Place) -> None:
    """A page for everybody, chosen and not yet shown."""
    _bag(place)
    bag = place.bag
    selection = Selection(frozenset({_activity(bag)}), frozenset({_skill(bag)}))
    publish.prepare(bag, Portfolio(iri="", name="Demo", saved_at=NOW, selection=selection))


def _with_page(place: Place) -> None:
    _prepared(place)
    publish.publish(place.bag, NOW)


def _with_live_share(place: Place) -> None:
    _bag(place)
    _share(place, SHARE_ID, live=True)
    revoking.list_shares(place.bag, NOW.date())


def _edit_what_is_shared(place: Place) -> None:
    bag = place.bag
    seen = list_activities.one_activity(bag, _activity(bag)).version
    texts = {"title": ["Trésorerie du club"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    correct_activity(bag, _activity(bag), texts, NOW, seen)
    follow.follow(bag, NOW, [bag.layout.activities])


def _prolong(place: Place) -> None:
    with mock.patch.object(renew, "new_id", return_value=OTHER_SHARE):
        renew.prolong(place.bag, SHARE_ID, date(2027, 8, 1), NOW)


def _with_comments(place: Place) -> None:
    _bag(place)
    _share(place, SHARE_ID, comments=True)
    revoking.list_shares(place.bag, NOW.date())


def _commented(place: Place) -> None:
    _with_comments(place)
    assert place.asking is not None
    layout = place.bag.layout
    said = Comment(
        iri="", author=place.recipient, target=f"{layout.dossier(SHARE_ID)}#it", text="CANARY comment", at=NOW
    )
    comment._post(place.asking.pod, layout.comments(SHARE_ID), said)


def _answer_comment(place: Place) -> None:
    bag = place.bag
    first = [one.comment for one in comment.received(bag, SHARE_ID) if not one.comment.is_answer]
    if not first:  # it could not be read
        raise NotThere(bag.layout.comments(SHARE_ID), 404)
    with same_names(8):
        comment.answer(bag, SHARE_ID, first[0].iri, "CANARY answer", NOW)


def _assessed(place: Place) -> None:
    """The recipient of a dossier says how they see a skill in it."""
    _with_share(place)
    assert place.asking is not None
    url = place.bag.layout.dossier(SHARE_ID)
    (skill,) = read_dossier(place.asking.pod, url, NOW).dossier.skills
    said = assess_another.Said(skill.iri, str(terms.LEVEL_AUTONOMOUS), "CANARY words")
    assess_another.assess_another(place.asking.pod, url, [said], NOW)


def _keep_assessments(place: Place) -> None:
    for answer in assess_another.received(place.bag).answers:
        with same_names(9):
            chosen = [one.source for one in answer.given]
            assess_another.keep_assessments(place.bag, answer.letter, chosen, NOW)


def _confirm(place: Place) -> None:
    """A skill, a goal and its step, and somebody, said yes to at the end of a method: four documents."""
    bag = place.bag
    about = Reflection(iri=f"{bag.layout.journal(NOW.year)}#r-1", text="", about=(_activity(bag),))
    session = Session(
        f"{bag.layout.journal(NOW.year)}#n-1", "https://w3id.org/musette/methods/star", "STAR", "", False, {"1": about}
    )
    outcomes = (terms.OUTCOME_SKILL, terms.OUTCOME_GOAL, terms.OUTCOME_STEP, terms.OUTCOME_RELATION)
    said = [(Proposed(str(one), one, "Animer", about.iri), "Animer") for one in outcomes]
    with same_names(10):
        follow_method.confirm(bag, session, said, NOW)


def _tool(bag: Bag) -> str:
    with same_names(11):
        return f"{bag.layout.tools}#{names.fragment('z')}"


def _with_tool(place: Place) -> None:
    _bag(place)
    _keep_tool(place)


def _keep_tool(place: Place) -> None:
    bag = place.bag
    with same_names(11):
        keep_tools.keep_tool(bag, {"title": ["Gabarit"]}, NOW, used_in=[_activity(bag)])


def _pass_on(place: Place) -> None:
    pass_on.pass_on(place.bag, _tool(place.bag), open_to_all.LICENCES[0], NOW)


def _with_common(place: Place) -> None:
    _with_tool(place)
    _pass_on(place)


def _with_other_common(place: Place) -> None:
    """Passed on, and said otherwise since."""
    _with_common(place)
    bag, iri = place.bag, _tool(place.bag)
    seen = version_of(resources.read(bag.pod, bag.layout.tools).graph, iri)
    keep_tools.correct_tool(bag, iri, {"title": ["Gabarit de perçage"]}, NOW, seen)


def _correct_tool(place: Place) -> None:
    """In another activity than it was."""
    bag, iri = place.bag, _tool(place.bag)
    seen = version_of(resources.read(bag.pod, bag.layout.tools).graph, iri)
    keep_tools.correct_tool(bag, iri, {"title": ["Gabarit de perçage"]}, NOW, seen, used_in=[])


METHOD = (shipped.VOCAB / "examples" / "method.ttl").read_bytes()


def _method() -> str:
    """The key of the method that is brought: the same in every bag."""
    brought = bring_method.from_file(METHOD, "mine.ttl")
    return names.derived("m", None, brought.method.iri, syntax.digest(brought.graph))


def _with_method(place: Place) -> None:
    _bag(place)
    bring_method.keep_method(place.bag, bring_method.from_file(METHOD, "mine.ttl"), NOW)


def _pass_method_on(place: Place) -> None:
    pass_on_method.pass_on(place.bag, _method(), "", NOW)


def _with_common_method(place: Place) -> None:
    _with_method(place)
    _pass_method_on(place)


def _with_two_shares(place: Place) -> None:
    _bag(place)
    for share_id in (SHARE_ID, OTHER_SHARE):
        _share(place, share_id)
    revoking.list_shares(place.bag, NOW.date())


def _close_all(bag: Bag) -> None:
    """Each share by itself: whoever was cut in the middle sees those that are still open, and closes them."""
    for recipient in {line.grant.recipient for line in revoking.list_shares(bag, NOW.date()).lines}:
        who_sees.revoke_all(bag, recipient, NOW)


def _with_old_letterbox(place: Place) -> None:
    """Letters of somebody who was given a dossier, letters of nobody, and another letterbox since."""
    _with_share(place)
    assert place.asking is not None
    pod, layout = place.asking.pod, place.bag.layout
    for number in range(2):
        iri = f"https://asks.example/{number}.ttl#it"
        letters.send(pod, layout.inbox, terms.AS_OFFER, iri, place.bag.owner, f"CANARY {number}", NOW)
        pod.send("POST", layout.inbox, {"Content-Type": syntax.TURTLE}, b"<> a <urn:nothing> .")
    renew_letterbox.renew(place.bag)


def _empty_letterbox(bag: Bag) -> None:
    """What is left of it waits to be emptied again."""
    empty_letterbox.empty(bag, bag.layout.inbox, NOW)


def _with_days(place: Place) -> None:
    """An answer is due: a day to keep."""
    _bag(place)
    with same_names(12):
        ask_platform.log_request(place.bag, "Demo platform", NOW.date())


def _publish_calendar(place: Place) -> None:
    with same_names(13):
        publish_calendar.publish(place.bag, "fr", NOW)


def _with_calendar(place: Place) -> None:
    _with_days(place)
    _publish_calendar(place)


def _follow_calendar(place: Place) -> None:
    with same_names(14):
        ask_platform.log_request(place.bag, "Another platform", NOW.date())
    publish_calendar.follow(place.bag, NOW)


def _show(place: Place) -> None:
    bag = place.bag
    selection = Selection(frozenset({_activity(bag)}), frozenset({_skill(bag)}))
    with same_names(15):
        show_in_profile.show(bag, selection, NOW)


def _edited_there(place: Place) -> None:
    """What stands in the profile was edited there, by another application."""
    _bag(place)
    _show(place)
    bag = place.bag
    there = show_in_profile.look(bag).there
    (node,) = there.graph.subjects(terms.DCTERMS_SOURCE, URIRef(_activity(bag)))
    said = frozenset(there.graph.triples((node, terms.VCARD_ROLE, None)))
    resources.change(bag.pod, there, Delta(said, frozenset({(node, terms.VCARD_ROLE, Literal("Comptable"))})))


def _take_over(place: Place) -> None:
    with same_names(15):
        show_in_profile.take_over(place.bag, _activity(place.bag), NOW)


def _with_note(place: Place) -> None:
    _bag(place)
    with same_names(16):
        journal.write_reflection(place.bag, {"description": ["CANARY note"], "date": ["2026-03-01"]}, NOW)


def _move_note(place: Place) -> None:
    bag = place.bag
    with same_names(16):
        iri = f"{bag.layout.journal(2026)}#{names.fragment('r', date(2026, 3, 1))}"
    seen = version_of(resources.read(bag.pod, bag.layout.journal(2026)).graph, iri)
    journal.correct_reflection(bag, iri, {"description": ["CANARY note"], "date": ["2025-03-01"]}, NOW, seen)


def _name_who_taught(place: Place) -> None:
    with same_names(17):
        look_at_skill.pass_on(place.bag, _skill(place.bag), ["A mentor"], ["A peer"], NOW)


def _note_somebody(place: Place) -> None:
    with same_names(18):
        know_person.know_person(place.bag, {"fn": ["CANARY"], "relationKind": [str(terms.RELATION_KIND_PEER)]}, NOW)


def _with_people(place: Place) -> None:
    _bag(place)
    _name_who_taught(place)
    know_person.announce(place.bag)


def _forget_somebody(place: Place) -> None:
    with same_names(17):
        know_person.forget(place.bag, f"{place.bag.layout.people}#{names.fragment('p')}", NOW)


def _copied(place: Place) -> None:
    _bag(place)
    keep.look_after(place.bag, NOW)


def _damaged(place: Place) -> None:
    """A document lies there cut inside its last thing."""
    _copied(place)
    document = resources.read(place.pod, place.bag.layout.activities)
    cut = document.body.rstrip()[: -len("> .")]
    conditions = {"If-Match": document.etag} if document.etag else {}
    resources.put(place.pod, document.iri, cut, syntax.TURTLE, conditions)


OPERATIONS = (
    Operation("set up", lambda _place: None, lambda place: set_up.create(place.pod, place.storage, NOW), residue=EMPTY),
    Operation("share", _bag, lambda place: _share(place, SHARE_ID)),
    Operation("share and prove it", _bag, _share_and_prove),
    Operation("revoke", _with_share, lambda place: revoking.revoke(place.bag, SHARE_ID, NOW)),
    Operation("expire", _with_two_that_end, lambda place: revoking.expire(place.bag, TOMORROW), TOMORROW),
    Operation("import", _bag, _import, word=_goes_on),
    Operation("import taken back", _bag, _import, word=_is_taken_back),
    Operation("undo an import", _with_import, lambda place: import_file.undo(place.bag, _run(place.bag), NOW)),
    Operation("record", _bag, _record),
    Operation("correct", _bag, _correct),
    Operation("move", _bag, _move),
    Operation(
        "remove",
        _bag,
        lambda place: skills.remove_skill(place.bag, _skill(place.bag), NOW),
    ),
    Operation("put back what was deleted", _bag, _put_back_what_was_deleted),
    Operation("proposals", _bag, _propose),
    Operation("keep a CV", _bag, _keep_cv),
    Operation("import with its file", _bag, _import_with_file, word=_goes_on),
    Operation("undo with its file", _with_file, lambda place: import_file.undo(place.bag, _run(place.bag), NOW)),
    Operation("restore an archive", _bag, _restore),
    Operation("publish", _bag, _ask),
    Operation("unpublish", _with_request, lambda place: ask.withdraw(place.bag, SHARE_ID, NOW)),
    # One write, and what follows from it: no intent is waited for.
    Operation("follow", _with_live_share, _edit_what_is_shared, NOW),
    Operation("attach a file", _bag, _attach),
    Operation("remove its evidence", _with_evidence, _remove_evidence),
    Operation("answer", _asked, _answer),
    Operation(
        "publish a page",
        _prepared,
        lambda place: publish.publish(place.bag, NOW),
        taken_back=lambda place: unpublish.withdraw(place.bag, NOW),
    ),
    Operation("withdraw a page", _with_page, lambda place: unpublish.withdraw(place.bag, NOW)),
    Operation("invite to comment", _bag, lambda place: _share(place, SHARE_ID, comments=True)),
    Operation("revoke with comments", _commented, lambda place: revoking.revoke(place.bag, SHARE_ID, NOW)),
    Operation("answer a comment", _commented, _answer_comment),
    Operation("prolong", _with_share, _prolong),
    Operation("keep what others say", _assessed, _keep_assessments),
    Operation("what came of a method", _bag, _confirm),
    Operation("keep a tool", _bag, _keep_tool),
    Operation("pass a tool on", _with_tool, _pass_on),
    Operation("pass it on again", _with_other_common, _pass_on),
    Operation("take a tool back", _with_common, lambda place: pass_on.take_back(place.bag, _tool(place.bag), NOW)),
    Operation(
        "remove what is passed on",
        _with_common,
        lambda place: pass_on.remove_tool(place.bag, _tool(place.bag), NOW),
    ),
    Operation("correct a tool", _with_tool, _correct_tool),
    Operation("pass a method on", _with_method, _pass_method_on),
    Operation(
        "take a method back",
        _with_common_method,
        lambda place: pass_on_method.take_back(place.bag, _method(), NOW),
    ),
    Operation(
        "remove a method that is passed on",
        _with_common_method,
        lambda place: pass_on_method.remove_method(place.bag, _method(), NOW),
    ),
    Operation("close all to one", _with_two_shares, lambda place: _close_all(place.bag), word=_close_all),
    Operation("another letterbox", _bag, lambda place: renew_letterbox.renew(place.bag, place.bag.layout.inbox)),
    Operation(
        "empty the old letterbox",
        _with_old_letterbox,
        lambda place: _empty_letterbox(place.bag),
        word=_empty_letterbox,
    ),
    Operation(
        "publish a calendar",
        _with_days,
        _publish_calendar,
        taken_back=lambda place: publish_calendar.withdraw(place.bag, NOW),
    ),
    Operation("withdraw a calendar", _with_calendar, lambda place: publish_calendar.withdraw(place.bag, NOW)),
    Operation("follow in a calendar", _with_calendar, _follow_calendar, NOW),
    Operation("show in the profile", _bag, _show),
    Operation("take over from it", _edited_there, _take_over),
    Operation("move a note", _with_note, _move_note),
    Operation("say who taught", _bag, _name_who_taught),
    Operation("note somebody", _bag, _note_somebody),
    Operation("forget somebody", _with_people, _forget_somebody),
    Operation(
        "repair",
        _damaged,
        lambda place: keep.restore(place.bag, place.bag.layout.activities, LATER),
        residue=frozenset({f"musette/kept/activities.{LATER:%Y%m%dT%H%M%SZ}.damaged.bin"}),
    ),
    Operation("forget the copies", _copied, lambda place: keep.forget(place.bag, NOW)),
    Operation("leave", _with_share, lambda place: leaving.leave(place.bag), residue=EMPTY),
)
