"""What goes over the wire, where a client relies on the letter of the specifications."""

import pytest
from rdflib import URIRef

from musette_solid.pod import access, resources
from musette_solid.pod.session import Pod
from musette_solid.rdf.syntax import TURTLE, parse

PREFIX = "@prefix solid: <http://www.w3.org/ns/solid/terms#>. @prefix ex: <http://vocab.example/#>.\n"
START = b"<#it> <http://vocab.example/#p> <#a>, <#b> ."

# Solid Protocol 0.11, 5.3.1: patch -> status (None: done), and which objects of <#it> ex:p are there afterwards
PATCHES: list[tuple[str, str, frozenset[int], str]] = [
    ("insert", "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#c> . }.", frozenset(), "abc"),
    ("insert what is there", "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#a> . }.", frozenset(), "ab"),
    ("delete", "_:p a solid:InsertDeletePatch; solid:deletes { <#it> ex:p <#a> . }.", frozenset(), "b"),
    (
        "delete and insert",
        "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#c> . }; solid:deletes { <#it> ex:p <#a> . }.",
        frozenset(),
        "bc",
    ),
    (
        "the form of the specification's example",
        (
            "_:rename a solid:InsertDeletePatch;\n  solid:where   { <#it> ex:p <#a>. };\n"
            "  solid:inserts { <#it> ex:p <#c>. };\n  solid:deletes { <#it> ex:p <#a>. }."
        ),
        frozenset(),
        "bc",
    ),
    ("no dot at the end", "<> a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#c> }.", frozenset(), "abc"),
    (
        "delete what is absent",
        "_:p a solid:InsertDeletePatch; solid:deletes { <#it> ex:p <#z> . }.",
        frozenset({409}),
        "ab",
    ),
    (
        "delete one that is there and one that is not",
        "_:p a solid:InsertDeletePatch; solid:deletes { <#it> ex:p <#a>, <#z> . }.",
        frozenset({409}),
        "ab",
    ),
    (
        "a condition that does not hold",
        "_:p a solid:InsertDeletePatch; solid:where { <#it> ex:p <#z> . }; solid:inserts { <#it> ex:p <#c> . }.",
        frozenset({409}),
        "ab",
    ),
    ("a blank node", "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p _:x . }.", frozenset({422}), "ab"),
    ("an unnamed node", "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p [] . }.", frozenset({422}), "ab"),
    (
        "a variable from nowhere",
        "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p ?x . }.",
        frozenset({422}),
        "ab",
    ),
    (
        "two patches",
        (
            "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#c> . }."
            "_:q a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#d> . }."
        ),
        frozenset({422}),
        "ab",
    ),
    ("not a patch", "<#it> ex:p <#c> .", frozenset({422}), "ab"),
    (
        "two insertions",
        "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#c> . }, { <#it> ex:p <#d> . }.",
        frozenset({422}),
        "ab",
    ),
    ("not even N3", "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p ", frozenset({400, 422}), "ab"),
]


@pytest.mark.parametrize(("text", "refused", "left"), [row[1:] for row in PATCHES], ids=[row[0] for row in PATCHES])
def test_what_a_patch_does(pod: Pod, box: str, text: str, refused: frozenset[int], left: str) -> None:
    iri = box + "a.ttl"
    resources.put(pod, iri, START, TURTLE, {"If-None-Match": "*"})
    response = pod.send("PATCH", iri, {"Content-Type": "text/n3"}, (PREFIX + text).encode())
    assert response.status in refused if refused else response.ok
    found = parse(resources.fetch(pod, iri, TURTLE).body, TURTLE, iri)
    objects = {str(o) for o in found.objects(URIRef(iri + "#it"), URIRef("http://vocab.example/#p"))}
    assert objects == {f"{iri}#{letter}" for letter in left}


def test_a_patch_that_takes_away_from_nothing_makes_nothing(pod: Pod, box: str) -> None:
    text = PREFIX + "_:p a solid:InsertDeletePatch; solid:deletes { <#it> ex:p <#a> . }."
    assert pod.send("PATCH", box + "new.ttl", {"Content-Type": "text/n3"}, text.encode()).status == 409
    assert not resources.read(pod, box + "new.ttl").exists


def test_a_patch_in_an_unknown_language_is_refused(pod: Pod, box: str) -> None:
    resources.put(pod, box + "a.ttl", START, TURTLE, {"If-None-Match": "*"})
    assert pod.send("PATCH", box + "a.ttl", {"Content-Type": "text/plain"}, b"insert something").status == 415


# RFC 9110, 13: method and condition ({etag}: the current one) -> done or 412
CONDITIONS = [
    ("PUT", "If-None-Match", "*", False),
    ("PUT", "If-Match", "{etag}", True),
    ("PUT", "If-Match", '"other"', False),
    ("PUT", "If-Match", "W/{etag}", False),
    ("PUT", "If-Match", '"other", {etag}', True),
    ("PUT", "If-Match", "*", True),
    ("PATCH", "If-Match", "{etag}", True),
    ("PATCH", "If-Match", '"other"', False),
    ("PATCH", "If-None-Match", "*", False),
    ("DELETE", "If-Match", "{etag}", True),
    ("DELETE", "If-Match", '"other"', False),
]


@pytest.mark.parametrize(("method", "header", "value", "done"), CONDITIONS)
def test_conditions_are_kept(pod: Pod, box: str, method: str, header: str, value: str, done: bool) -> None:
    iri = box + "a.ttl"
    resources.put(pod, iri, START, TURTLE, {"If-None-Match": "*"})
    etag = resources.read(pod, iri).etag
    assert etag is not None
    bodies = {
        "PUT": (TURTLE, b"<#it> <http://vocab.example/#p> <#c> ."),
        "PATCH": ("text/n3", (PREFIX + "_:p a solid:InsertDeletePatch; solid:inserts { <#it> ex:p <#c> . }.").encode()),
        "DELETE": (None, None),
    }
    media_type, body = bodies[method]
    headers = {header: value.replace("{etag}", etag)} | ({"Content-Type": media_type} if media_type else {})
    response = pod.send(method, iri, headers, body)
    assert response.ok if done else response.status == 412
    assert (resources.read(pod, iri).etag == etag) is not done


def test_a_condition_on_what_is_absent(pod: Pod, box: str) -> None:
    headers = {"Content-Type": TURTLE}
    assert pod.send("PUT", box + "a.ttl", {**headers, "If-Match": "*"}, START).status == 412
    assert not resources.read(pod, box + "a.ttl").exists
    assert pod.send("PUT", box + "a.ttl", {**headers, "If-None-Match": "*"}, START).status == 201


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH"])
def test_a_body_without_its_kind_is_refused(pod: Pod, box: str, method: str) -> None:
    target = box if method == "POST" else box + "a.ttl"
    assert pod.send(method, target, {}, START).status == 400


def test_a_head_tells_what_a_get_would(pod: Pod, box: str) -> None:
    iri = box + "a.ttl"
    resources.put(pod, iri, START, TURTLE, {"If-None-Match": "*"})
    head = pod.send("HEAD", iri, {"Accept": resources.ACCEPT})
    get = pod.send("GET", iri, {"Accept": resources.ACCEPT})
    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Link", "Content-Type", "Last-Modified", "WAC-Allow", "Allow", "Accept-Patch"):
        assert head.headers.get(name) == get.headers.get(name)


def test_the_methods_that_are_allowed_are_named(pod: Pod, box: str) -> None:
    response, _ = resources.look(pod, box)
    assert {"GET", "HEAD", "POST", "DELETE"} <= {m.strip() for m in response.headers["Allow"].split(",")}


def test_the_owner_is_told_of_every_mode(pod: Pod, box: str) -> None:
    response, found = resources.look(pod, box)
    assert access.has_control(pod, response, found)
    if access.rules(pod, box).kind == access.ACP:
        assert not access.wac_allow(response)  # the header is WAC's; ACP has none
        return
    allowed = access.wac_allow(response)
    assert {"read", "write", "append", "control"} <= allowed["user"]
    assert not allowed.get("public")


def test_bytes_are_kept_as_they_were_sent(pod: Pod, box: str) -> None:
    body = b"# a comment\n@prefix   ex: <http://vocab.example/#> .\n<#it>   ex:p 1.50 ."
    resources.put(pod, box + "a.ttl", body, TURTLE, {"If-None-Match": "*"})
    assert resources.fetch(pod, box + "a.ttl", TURTLE).body == body


def test_a_proof_that_nobody_gave_is_refused(pod: Pod, box: str) -> None:
    response = Pod(pod.transport).send("GET", box, {"Authorization": "DPoP nobody"})
    assert response.status in {400, 401}
