"""A tutorial names the buttons and pages that are there, in its language; the index of the documentation leads everywhere."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from musette_solid import shipped

DOCS = Path(__file__).parents[2] / "docs"

#: The provider's own pages.
_OF_OTHERS = {"Log in", "Authorize"}


def words(language: str) -> set[str]:
    with (shipped.WEB / "translations" / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    said = [str(one.id if language == "en" else one.string) for one in catalogue if isinstance(one.id, str)]
    return {" ".join(text.split()) for text in said}


@pytest.mark.parametrize(("name", "language"), [("your-first-hour", "en"), ("votre-premiere-heure", "fr")])
def test_what_a_tutorial_tells_to_choose_is_on_the_pages(name: str, language: str) -> None:
    text = (DOCS / "tutorials" / f"{name}.md").read_text("utf-8")
    named = {" ".join(one.split()) for one in re.findall(r"\*\*([^*]+)\*\*", text)}
    assert len(named) > 8
    assert named - words(language) - _OF_OTHERS == set()


def test_the_index_leads_to_every_page() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    linked = {(DOCS / one).resolve() for one in re.findall(r"\]\(([^)#]+)", index)}
    pages = {
        path.resolve()
        for folder in ("tutorials", "how-to", "reference", "explanation")
        for path in (DOCS / folder).glob("*.md")
    }
    assert pages - linked == set()
    assert [one for one in linked if not one.exists()] == []
