"""Every sentence has its French one, with the same placeholders and right typography."""

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\((\w+)\)[0-9]*[a-z]")
CATALOGUES = sorted((ROOT / "web" / "translations").rglob("*.po"))


@lru_cache(maxsize=1)
def extracted() -> Catalog:
    with (ROOT / "web" / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel leaves it bare
    found = Catalog()
    for _file, _line, message, _comments, context in extract_from_dir(str(ROOT), mapping, options):
        found.add(message, context=context)
    return found


@lru_cache(maxsize=4)
def translated(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes()), locale=path.parents[1].name)


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_there_is_a_french_catalogue() -> None:
    assert [path.parents[1].name for path in CATALOGUES] == ["fr"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_every_sentence_is_translated(path: Path) -> None:
    catalogue = translated(path)
    missing = []
    for message in extracted():
        if not message.id:
            continue
        found = catalogue.get(message.id, context=message.context)
        if found is None or found.fuzzy or not all(texts(found)):
            missing.append(message.id)
    assert missing == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_no_sentence_is_translated_that_nobody_says(path: Path) -> None:
    known = extracted()
    assert [m.id for m in translated(path) if m.id and known.get(m.id, context=m.context) is None] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_placeholders_are_the_same(path: Path) -> None:
    for message in translated(path):
        if not message.id:
            continue
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {name for text in originals for name in PLACEHOLDER.findall(text)}
        for text in texts(message):
            # A singular may say "one" where a plural gives the number.
            may_lack = set() if isinstance(message.id, str) else {"num"}
            assert wanted - may_lack <= set(PLACEHOLDER.findall(text)) <= wanted, text
            assert text.count("%") == len(PLACEHOLDER.findall(text)) + 2 * text.count("%%"), text
        if not isinstance(message.id, str):
            assert len(texts(message)) == translated(path).num_plurals


WRONG = {
    "a straight apostrophe": re.compile(r"\w'\w"),
    "a plain space before ; ! ? or :": re.compile(r"(?<! ) [;!?:](?!\w)"),
    "no space before ; ! or ?": re.compile(r"\w[;!?](?=\s|$)"),
    "a plain space after «": re.compile(r"« "),
    "a plain space before »": re.compile(r" »"),
    "straight quotes": re.compile(r'"'),
    "three dots": re.compile(r"\.\.\."),
    "a plain space before a unit": re.compile(
        r"\d (h|min|ko|Mo|heures?|minutes?|jours?|mois|ans?|caractères|€|%(?!\())(?!\w)"
    ),
}


@pytest.mark.parametrize("rule", WRONG)
def test_french_typography_is_right(rule: str) -> None:
    catalogue = translated(ROOT / "web" / "translations" / "fr" / "LC_MESSAGES" / "messages.po")
    wrong = [text for message in catalogue if message.id for text in texts(message) if WRONG[rule].search(text)]
    assert wrong == []
