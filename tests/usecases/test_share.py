"""Showing somebody exactly what one chose: what they can read is what was previewed, and nothing else, and only until revoked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from musette_solid.errors import MusetteError
from musette_solid.model.dates import in_words
from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.identity import FacetsMixed
from musette_solid.pod import resources
from musette_solid.pod.errors import (
    AccessRefused,
    NotForStrangers,
    NotThere,
    PodError,
    RulesRefused,
    SignInNeeded,
    Unreachable,
)
from musette_solid.pod.http import Limits, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import EVERYBODY
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.usecases import share as sharing
from musette_solid.usecases.declare_skill import declare_skill
from musette_solid.usecases.granted import Ended, granted, read_dossier, read_dossiers
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.note_account import note_account
from musette_solid.usecases.revoke import expire, list_shares, revoke
from tests.usecases.conftest import NOW

UNTIL = date(2027, 2, 22)


@pytest.fixture
def selection(bag: Bag) -> Selection:
    shown = log_activity(bag, {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
    log_activity(bag, {"title": ["CANARY private"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
    skill = declare_skill(bag, {"prefLabel": ["Tenir les comptes"]}, NOW, used_in=[shown])
    return Selection(frozenset({shown}), frozenset({skill}))


def terms_for(bag: Bag, to: Bag, until: date = UNTIL, purpose: str = str(terms.PURPOSE_RECRUITMENT)) -> Terms:
    return Terms("Dossier", bag.owner, "Demo", to.owner, purpose, NOW, until)


def shared(bag: Bag, to: Bag, selection: Selection, until: date = UNTIL) -> sharing.Shared:
    recipient = sharing.check_recipient(bag, to.owner)
    return sharing.share(bag, selection, terms_for(bag, to, until), recipient, sharing.new_id())


def everything_in(server: MemoryPod, bag: Bag) -> dict[str, bytes]:
    """Every document of the bag and its rules, for "nothing was changed"."""
    return {url: stored.body for url, stored in server._stored.items() if url.startswith(bag.layout.root)}


def test_the_recipient_reads_the_very_bytes_that_were_previewed(
    bag: Bag, organisation: Bag, selection: Selection
) -> None:
    share_id = sharing.new_id()
    shown = sharing.preview(bag, selection, terms_for(bag, organisation), share_id)
    recipient = sharing.check_recipient(bag, organisation.owner)
    made = sharing.share(bag, selection, terms_for(bag, organisation), recipient, share_id, shown.digest)
    opened = read_dossier(organisation.pod, made.dossier, NOW)
    assert opened.turtle == shown.turtle
    assert b"CANARY" not in opened.turtle
    assert [a.title for a in opened.dossier.activities] == ["Trésorerie"]
    assert [s.label for s in opened.dossier.skills] == ["Tenir les comptes"]


def test_the_dossier_says_by_name_who_it_is_for(bag: Bag, organisation: Bag, selection: Selection) -> None:
    recipient = sharing.check_recipient(bag, organisation.owner)
    agreed = replace(terms_for(bag, organisation), recipient_name=recipient.name)
    made = sharing.share(bag, selection, agreed, recipient, sharing.new_id())
    read = read_dossier(organisation.pod, made.dossier, NOW).dossier
    assert (read.owner_name, read.recipient_name) == ("Demo", "Demo association")


def test_nobody_else_reads_it_and_the_recipient_reads_nothing_else(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation, selection)
    stranger = server.pod_for(server.create_pod("stranger").webid)
    assert stranger.send("GET", made.dossier).status == 403
    assert bag.pod.anonymous().send("GET", made.dossier).status == 401
    layout = bag.layout
    for private in (
        layout.activities,
        layout.skills,
        layout.bag,
        layout.root,
        layout.shares,
        layout.grants,
        made.grant,
    ):
        assert organisation.pod.send("GET", private).status == 403, private
    patch = n3_patch(Delta(into=frozenset(resources.read(organisation.pod, made.dossier).graph)))
    for method, kind, body in (
        ("PUT", syntax.TURTLE, b""),
        ("PATCH", "text/n3", patch),
        ("DELETE", "text/plain", None),
    ):
        assert organisation.pod.send(method, made.dossier, {"Content-Type": kind}, body).status == 403, method
    rules = resources.look(bag.pod, layout.share(made.share_id))[1].only("acl")
    assert rules is not None
    assert organisation.pod.send("GET", rules).status == 403


def test_a_dossier_is_never_remembered_also_where_its_server_sends_one_on(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation, selection)
    before = made.dossier.replace("/shares/", "/former/")

    class SendsOn:
        def send(self, request: Request, limits: Limits | None = None) -> Response:
            if request.url == before:
                return Response(before, 301, {"Location": made.dossier})
            return server.send(request, limits)

    reader = Pod(SendsOn(), organisation.owner, organisation.pod.credentials)
    for address in (before, made.dossier):
        assert read_dossier(reader, address, NOW).dossier.activities
        assert reader.cache.get(address) is None


def test_a_share_is_announced_in_the_inbox_and_found_there(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    assert made.announced
    (announcement,) = granted(organisation.pod)
    assert announcement.about == made.dossier + "#it"
    assert announcement.sender == bag.owner
    assert announcement.name == "Demo"
    assert read_dossier(organisation.pod, announcement.about, NOW).dossier.owner == bag.owner


def test_a_recipient_without_a_letterbox_can_still_read(server: MemoryPod, bag: Bag, selection: Selection) -> None:
    other = server.create_pod("no-letterbox")
    recipient = sharing.check_recipient(bag, other.webid)
    agreed = Terms("Dossier", bag.owner, None, other.webid, str(terms.PURPOSE_RESEARCH), NOW, UNTIL)
    made = sharing.share(bag, selection, agreed, recipient, sharing.new_id())
    assert not made.announced
    assert read_dossier(server.pod_for(other.webid), made.dossier, NOW).dossier.activities


def test_revoking_closes_it_at_once(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    assert revoke(bag, made.share_id, NOW).verified
    with pytest.raises((AccessRefused, MusetteError)):
        read_dossier(organisation.pod, made.dossier, NOW)
    (line,) = list_shares(bag, NOW.date()).lines
    assert line.state == "revoked"


def test_revoking_writes_the_rule_before_it_deletes_anything(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation, selection)
    server.requests.clear()
    revoke(bag, made.share_id, NOW)
    writes = [(r.method, r.url.rpartition("/")[2]) for r in server.requests if r.method in {"PUT", "DELETE", "PATCH"}]
    assert writes[0] == ("PATCH", f"{made.share_id}.ttl")  # it says that it is being closed
    assert writes[1] == ("PUT", ".acl")


@pytest.mark.parametrize("share_id", ["", ".", "..", "../", "../../demo", "%2e%2e", "a/b", "x" * 36, "0" * 36])
def test_a_name_that_is_none_of_a_share_reaches_nothing(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection, share_id: str
) -> None:
    before = everything_in(server, bag)
    recipient = sharing.check_recipient(bag, organisation.owner)
    server.requests.clear()
    with pytest.raises(NotThere):
        revoke(bag, share_id, NOW)
    with pytest.raises(NotThere):
        sharing.share(bag, selection, terms_for(bag, organisation), recipient, share_id)
    assert not [request for request in server.requests if request.method not in {"GET", "HEAD"}]
    assert everything_in(server, bag) == before


def test_a_share_interrupted_before_its_rule_shows_nothing(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    def broken(request: Request) -> Response | None:
        is_rule = request.method == "PUT" and request.url.endswith(".acl")
        return Response(request.url, 500, {}) if is_rule else None

    server.instead = broken
    with pytest.raises(PodError):
        shared(bag, organisation, selection)
    server.instead = lambda _request: None
    readable = [
        url
        for url in everything_in(server, bag)
        if not url.endswith(".acl") and organisation.pod.send("GET", url).status == 200
    ]
    assert readable == []


def test_a_server_that_ignores_the_rule_is_found_out(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    def swallows(request: Request) -> Response | None:
        is_rule = request.method == "PUT" and request.url.endswith(".acl")
        return Response(request.url, 205, {}) if is_rule else None

    server.instead = swallows
    with pytest.raises(RulesRefused):
        shared(bag, organisation, selection)
    server.instead = lambda _request: None
    assert list_shares(bag, NOW.date()).lines == ()


def test_a_server_that_lets_strangers_in_is_found_out_and_the_share_taken_back(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    def leaks(request: Request) -> Response | None:
        anonymous = "Authorization" not in request.headers
        if anonymous and request.method == "GET" and request.url.endswith("/dossier.ttl"):
            return Response(request.url, 200, {"Content-Type": "text/turtle"}, b"")
        return None

    server.instead = leaks
    with pytest.raises(sharing.NotEffective):
        shared(bag, organisation, selection)
    server.instead = lambda _request: None
    assert list_shares(bag, NOW.date()).lines == ()
    assert not [url for url in everything_in(server, bag) if "/dossier.ttl" in url]


@pytest.mark.parametrize("items", [10, 1000])
def test_ten_items_or_a_thousand_cost_six_requests(server: MemoryPod, bag: Bag, organisation: Bag, items: int) -> None:
    many = syntax.parse(
        "".join(
            f'<#a-{i}> a <{terms.Activity}> ; <{terms.DCTERMS_TITLE}> "{i}" ; <{terms.SPHERE}> <{terms.SPHERE_VOLUNTEERING}> .\n'
            for i in range(items)
        ).encode(),
        syntax.TURTLE,
        bag.layout.activities,
    )
    resources.insert(bag.pod, bag.layout.activities, many)
    chosen = Selection(frozenset(str(s) for s in many.subjects()))
    recipient = sharing.check_recipient(bag, organisation.owner)
    server.requests.clear()
    sharing.share(bag, chosen, terms_for(bag, organisation), recipient, sharing.new_id())
    sources = {bag.layout.activities, bag.layout.skills, bag.layout.identities}
    own = [r for r in server.requests if r.url.startswith(bag.layout.root) and r.url not in sources]
    assert len(own) == 6


@pytest.mark.parametrize(
    "address",
    [
        *sorted(EVERYBODY),
        "own",
        "own in capitals",
        "",
        "not an address",
        "javascript:alert(1)",
        "https://pod.example/nobody/profile/card#me",
        "https://pod.example/association/musette/musette.ttl#it",
        "https://x/> . <#p> <urn:a> <urn:b",
    ],
)
def test_an_address_that_is_nobody_in_particular_is_refused(
    server: MemoryPod, bag: Bag, organisation: Bag, address: str
) -> None:
    before = everything_in(server, bag)
    own = {"own": bag.owner, "own in capitals": bag.owner.replace("https://pod", "HTTPS://POD")}
    with pytest.raises(sharing.RecipientRefused) as refusal:
        sharing.check_recipient(bag, own.get(address, address))
    assert all(refusal.value.sentences())
    assert everything_in(server, bag) == before


def test_a_profile_that_is_html_is_refused(server: MemoryPod, bag: Bag) -> None:
    server.put_bytes("https://pod.example/page", b"<html></html>", "text/html")
    with pytest.raises(sharing.RecipientRefused):
        sharing.check_recipient(bag, "https://pod.example/page")


def test_a_recipient_whose_site_does_not_answer_is_refused(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    def silent(request: Request) -> Response | None:
        if "association" in request.url:
            raise Unreachable(request.url, host="pod.example")
        return None

    server.instead = silent
    with pytest.raises(sharing.RecipientRefused):
        sharing.check_recipient(bag, organisation.owner)


@pytest.mark.parametrize(
    ("until", "purpose"),
    [(date(2026, 11, 21), str(terms.PURPOSE_RECRUITMENT)), (UNTIL, "https://w3id.org/musette#purpose-spying")],
)
def test_terms_that_make_no_sense_are_refused(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection, until: date, purpose: str
) -> None:
    before = everything_in(server, bag)
    recipient = sharing.check_recipient(bag, organisation.owner)
    with pytest.raises(sharing.BadTerms):
        sharing.share(bag, selection, terms_for(bag, organisation, until, purpose), recipient, sharing.new_id())
    assert everything_in(server, bag) == before


def test_nothing_chosen_is_no_share(bag: Bag, organisation: Bag) -> None:
    recipient = sharing.check_recipient(bag, organisation.owner)
    with pytest.raises(sharing.NothingChosen):
        sharing.share(bag, Selection(), terms_for(bag, organisation), recipient, sharing.new_id())


def test_what_changed_since_the_preview_is_shown_again_and_not_shared(
    bag: Bag, organisation: Bag, selection: Selection
) -> None:
    share_id = sharing.new_id()
    shown = sharing.preview(bag, selection, terms_for(bag, organisation), share_id)
    declare_skill(bag, {"prefLabel": ["Autre"]}, NOW)  # not in the selection: no matter
    assert sharing.preview(bag, selection, terms_for(bag, organisation), share_id).digest == shown.digest
    subject = next(iter(selection.activities))
    more = syntax.parse(f'<{subject}> <{terms.ACHIEVEMENT}> "added" .'.encode(), syntax.TURTLE, bag.layout.activities)
    resources.insert(bag.pod, bag.layout.activities, more)
    recipient = sharing.check_recipient(bag, organisation.owner)
    with pytest.raises(sharing.PreviewOutdated):
        sharing.share(bag, selection, terms_for(bag, organisation), recipient, share_id, shown.digest)
    assert list_shares(bag, NOW.date()).lines == ()


def test_a_share_past_its_end_is_closed_at_the_next_run(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection, until=NOW.date())
    assert expire(bag, NOW) == ()
    closed = expire(bag, NOW + timedelta(days=1))
    assert [(one.share_id, one.verified) for one in closed] == [(made.share_id, True)]
    with pytest.raises(MusetteError):
        read_dossier(organisation.pod, made.dossier, NOW)


def test_a_dossier_past_its_end_is_not_shown_even_while_its_rule_still_holds(
    bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = shared(bag, organisation, selection, until=NOW.date())
    assert read_dossier(organisation.pod, made.dossier, NOW).dossier.activities
    assert organisation.pod.send("GET", made.dossier).status == 200
    with pytest.raises(Ended) as ended:
        read_dossier(organisation.pod, made.dossier, NOW + timedelta(days=1))
    what, _ = ended.value.sentences(written=lambda on: in_words(on, "en"))
    assert what == f"This dossier was open until {in_words(NOW.date(), 'en')}: it has ended."


def test_an_anonymous_reader_is_asked_to_sign_in(bag: Bag, organisation: Bag, selection: Selection) -> None:
    made = shared(bag, organisation, selection)
    with pytest.raises(NotForStrangers):
        read_dossier(bag.pod.anonymous(), made.dossier, NOW)


def test_only_the_owner_is_named_by_rules_outside_shares_and_inbox(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection
) -> None:
    shared(bag, organisation, selection)
    agents = (terms.ACL_AGENT, terms.ACL_AGENT_CLASS, terms.ACL_AGENT_GROUP)
    for url, body in everything_in(server, bag).items():
        if url.endswith(".acl") and "/shares/" not in url and "/inbox/" not in url:
            graph = syntax.parse(body, syntax.TURTLE, url)
            assert {str(o) for p in agents for o in graph.objects(None, p)} == {bag.owner}, url


def test_many_dossiers_are_read_side_by_side_and_one_that_is_closed_keeps_none_of_the_others(
    bag: Bag, organisation: Bag, selection: Selection
) -> None:
    made = [shared(bag, organisation, selection) for _ in range(3)]
    revoke(bag, made[1].share_id, NOW)
    first, closed, last = read_dossiers(organisation.pod, [one.dossier for one in made], NOW)
    assert isinstance(closed, AccessRefused | NotThere)
    for opened, share in ((first, made[0]), (last, made[2])):
        assert not isinstance(opened, MusetteError)
        assert opened.url == share.dossier
        assert [a.title for a in opened.dossier.activities] == ["Trésorerie"]


def test_who_is_signed_out_is_told_so_and_not_once_a_dossier(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    server.instead = lambda request: Response(request.url, 401, {})
    with pytest.raises(SignInNeeded):
        read_dossiers(organisation.pod, [bag.layout.activities] * 3, NOW)


@pytest.mark.parametrize("which", ["grants/", "/dossier.ttl", ".acl"])
def test_a_space_that_is_full_in_the_middle_shows_nothing_and_says_so(
    server: MemoryPod, bag: Bag, organisation: Bag, selection: Selection, which: str
) -> None:
    def full(request: Request) -> Response | None:
        is_it = request.method in {"PUT", "PATCH"} and which in request.url
        return Response(request.url, 507, {}) if is_it else None

    server.instead = full
    with pytest.raises(MusetteError) as refusal:
        shared(bag, organisation, selection)
    assert all(refusal.value.sentences())
    server.instead = lambda _request: None
    assert not [url for url in everything_in(server, bag) if organisation.pod.send("GET", url).status == 200]
    assert [line.state for line in list_shares(bag, NOW.date()).lines if line.state == "active"] == []
    assert granted(organisation.pod) == ()


def test_a_dossier_never_names_two_sides_of_a_life(server: MemoryPod, bag: Bag, organisation: Bag) -> None:
    for name, facet in (("demo-pro", terms.FACET_PROFESSIONAL), ("nuitbleue", terms.FACET_PERSONAL)):
        note_account(bag, {"accountName": [name], "facet": [str(facet)]})
    texts = {"title": ["Forge"], "sphere": [str(terms.SPHERE_VOLUNTEERING)], "description": ["demo-pro, dit nuitbleue"]}
    chosen = Selection(frozenset({log_activity(bag, texts, NOW)}))
    with pytest.raises(FacetsMixed):
        sharing.preview(bag, chosen, terms_for(bag, organisation), sharing.new_id())
    assert not any("/shares/" in url and url.endswith(".ttl") for url in server._stored)
