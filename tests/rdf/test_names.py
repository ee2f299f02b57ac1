from datetime import date
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musette_solid.rdf import names


def test_a_fragment_says_its_kind_and_its_day() -> None:
    kind, day, suffix = names.fragment("a", date(2024, 3, 12)).split("-")
    assert (kind, day, len(suffix)) == ("a", "20240312", 6)


def test_two_fragments_are_never_the_same() -> None:
    assert len({names.fragment("a") for _ in range(1000)}) == 1000


def test_a_fragment_needs_no_encoding_anywhere() -> None:
    assert all(names.fragment("import").replace("-", "").isalnum() for _ in range(100))


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://w3id.org/musette#sphere-care", "sphere-care"),
        ("http://purl.org/dc/terms/title", "title"),
        ("https://pod.example/musette/", "musette"),
        ("https://pod.example/a#", ""),
    ],
)
def test_the_local_name_is_the_fragment_or_the_last_segment(iri: str, expected: str) -> None:
    assert names.local(iri) == expected


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://Pod.Example/a b", "https://pod.example/a%20b"),
        ("https://pod.example/%C3%A9", "https://pod.example/%C3%A9"),
        ("https://pod.example/é", "https://pod.example/%C3%A9"),
        # What encodeURIComponent leaves alone, and what it does not.
        ("https://pod.example/it's(1)!*~", "https://pod.example/it's(1)!*~"),
        ("https://pod.example/a%3Ab@c", "https://pod.example/a%3Ab%40c"),
        ("https://pod.example/a%2Fb", "https://pod.example/a%2Fb"),
        ("https://pod.example", "https://pod.example/"),
        ("https://pod.example/a?b=c#d", "https://pod.example/a?b=c"),
    ],
)
def test_a_url_has_one_spelling(written: str, canonical: str) -> None:
    assert names.canonical(written) == canonical


@given(
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda s: not set(s) & set("/?#%\\")), max_size=4)
)
def test_the_one_spelling_says_the_same_path_and_is_stable(segments: list[str]) -> None:
    written = names.canonical(
        "https://pod.example/" + "/".join(segments).replace("\n", "").replace("\r", "").replace("\t", "")
    )
    assert names.canonical(written) == written
    assert urlsplit(written).path.isascii()
    assert unquote(urlsplit(written).path).count("/") >= len(segments[:1])


@pytest.mark.parametrize(
    ("iri", "is_within"),
    [
        ("https://pod.example/musette/a.ttl", True),
        ("https://pod.example/musette/time/2026.ttl#t-1", True),
        ("https://POD.example/musette/a.ttl", True),
        ("https://pod.example/musette/./a.ttl", True),
        ("https://pod.example/musette/x/../a.ttl", True),
        ("https://pod.example/musette/..a/b", True),
        ("https://pod.example/musette/", True),
        ("https://pod.example/musette", False),
        ("https://pod.example/musette2/a.ttl", False),
        ("https://pod.example/musette/../secret.ttl", False),
        ("https://pod.example/musette/x/../../secret.ttl", False),
        ("https://pod.example/musette/%2e%2e/secret.ttl", False),
        ("https://pod.example/musette/.%2E/secret.ttl", False),
        ("https://pod.example/musette/..\\secret.ttl", False),
        ("https://pod.example/musette/..", False),
        ("https://evil.example/musette/a.ttl", False),
        ("http://pod.example/musette/a.ttl", False),
        ("https://pod.example:444/musette/a.ttl", False),
        ("http://[", False),
    ],
)
def test_what_lies_in_a_container(iri: str, is_within: bool) -> None:
    assert names.is_within("https://pod.example/musette/", iri) is is_within


def test_nothing_lies_in_what_is_not_a_container() -> None:
    assert not names.is_within("https://pod.example/musette", "https://pod.example/musette/a.ttl")
