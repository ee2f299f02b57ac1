"""What we publish, in the form that is asked for, to every site."""

import pytest
from rdflib import URIRef

from musette_solid import shipped
from musette_solid.model import labels
from musette_solid.rdf import syntax, terms
from tests.web.reviewer import Page, Reviewer

BASE = "https://w3id.org/musette"


@pytest.mark.parametrize("media_type", [syntax.TURTLE, syntax.JSON_LD])
def test_the_whole_vocabulary_in_each_syntax_is_the_same_graph(stranger: Reviewer, media_type: str) -> None:
    answer = stranger.get("/ns", headers={"Accept": media_type})
    assert answer.mimetype == media_type
    assert syntax.digest(syntax.parse(answer.data, media_type, BASE)) == syntax.digest(labels.graph())


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""])
def test_browsers_get_a_page_with_an_anchor_for_each_term(stranger: Reviewer, accept: str) -> None:
    answer = stranger.get("/ns", headers={"Accept": accept})
    ids = {e.attributes.get("id") for e in Page(answer.text).all}
    assert {"Activity", "TimeEntry", "minutes", "sphere-care", "levels"} <= ids


def test_a_term_alone(stranger: Reviewer) -> None:
    answer = stranger.get("/ns/Activity", headers={"Accept": "text/turtle"})
    graph = syntax.parse(answer.data, syntax.TURTLE, BASE)
    assert set(graph.subjects()) == {URIRef(terms.Activity)}
    assert stranger.get("/ns/Activity", headers={"Accept": "text/html"}).location == "/ns#Activity"
    assert stranger.get("/ns/Nothing").status_code == 404


def test_the_context_is_the_file_that_we_ship(stranger: Reviewer) -> None:
    answer = stranger.get("/context.jsonld")
    assert answer.mimetype == "application/ld+json"
    assert answer.data == (shipped.VOCAB / "context.jsonld").read_bytes()


@pytest.mark.parametrize("path", sorted(shipped.SHAPES.glob("*.ttl")), ids=lambda path: path.stem)
def test_each_shape_is_served_as_written_and_as_json_ld(stranger: Reviewer, path: "object") -> None:
    name = getattr(path, "stem")  # noqa: B009
    source = (shipped.SHAPES / f"{name}.ttl").read_bytes()
    for address in (f"/shapes/{name}.ttl", f"/shapes/{name}?format=ttl"):
        assert stranger.get(address).data == source
    assert stranger.get(f"/shapes/{name}", headers={"Accept": syntax.JSON_LD}).mimetype == syntax.JSON_LD


@pytest.mark.parametrize("path", ["/shapes/nothing", "/shapes/..%2fvocab%2fmusette", "/shapes/%2e%2e/x"])
def test_only_shapes_are_served_as_shapes(stranger: Reviewer, path: str) -> None:
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/ns", "/ns/Activity", "/context.jsonld", "/shapes/activity"])
def test_every_site_may_read_what_we_publish(stranger: Reviewer, path: str) -> None:
    answer = stranger.get(path, headers={"Accept": "text/turtle", "Origin": "https://other.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_what_did_not_change_is_not_sent_again(stranger: Reviewer) -> None:
    etag = stranger.get("/context.jsonld").headers["ETag"]
    assert stranger.get("/context.jsonld", headers={"If-None-Match": etag}).status_code == 304
