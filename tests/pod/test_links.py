"""Link headers as servers write them: several relations, quotes, commas inside, other anchors, relative targets."""

import pytest

from musette_solid.pod.http import Response
from musette_solid.pod.links import ACL, DESCRIBED_BY, INBOX, STORAGE, TYPE, links

HERE = "https://pod.example/a/b.ttl"


def of(header: str) -> Response:
    return Response(HERE, 200, {"Link": header})


@pytest.mark.parametrize(
    ("header", "relation", "target"),
    [
        ('<b.ttl.acl>; rel="acl"', ACL, "https://pod.example/a/b.ttl.acl"),
        ("<b.ttl.acl>; rel=acl", ACL, "https://pod.example/a/b.ttl.acl"),
        ('<b.meta>; rel="describedBy"', DESCRIBED_BY, "https://pod.example/a/b.meta"),
        ('</x,y;z>; title="a, b; c"; rel="acl"', ACL, "https://pod.example/x,y;z"),
        ('<one>; rel="next", <two>;rel="acl type"', ACL, "https://pod.example/a/two"),
        ('<inbox/>; rel="http://www.w3.org/ns/ldp#inbox"', INBOX, "https://pod.example/a/inbox/"),
        ('<x>; rel="acl"; rel="type"', ACL, "https://pod.example/a/x"),
        (r'<x>; title="she said \"acl\""; rel="acl"', ACL, "https://pod.example/a/x"),
    ],
)
def test_a_relation_has_its_target(header: str, relation: str, target: str) -> None:
    assert links(of(header)).first(relation) == target


@pytest.mark.parametrize(
    "header",
    ["", "nonsense", '<x>; rel="other"', '<x>; anchor="/elsewhere"; rel="acl"', "<x>; acl", '<x; rel="acl"', "rel=acl"],
)
def test_what_says_nothing_of_it_is_no_target(header: str) -> None:
    assert links(of(header)).first(ACL) is None


def test_two_rule_documents_are_none() -> None:
    found = links(of('<a>; rel="acl", <b>; rel="acl"'))
    assert found.first(ACL) == "https://pod.example/a/a"
    assert found.only(ACL) is None
    assert links(of('<a>; rel="acl", <a>; rel="acl"')).only(ACL) == "https://pod.example/a/a"


def test_types_are_told() -> None:
    assert links(of(f'<{STORAGE}>; rel="type"')).has(TYPE, STORAGE)
    assert not links(of(f'<{STORAGE}>; rel="other"')).has(TYPE, STORAGE)
