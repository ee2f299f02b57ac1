"""What the README claims is shown by tests: each claim names some, and they exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
NOTE = re.compile(r"^\[\^([a-z-]+)\]: (.+)$", re.MULTILINE)
NOTES = dict(NOTE.findall(README))
USED = re.findall(r"\[\^([a-z-]+)\](?!:)", README)
TEST_ID = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
IDS = sorted({found for note in NOTES.values() for found in TEST_ID.findall(note)})


def test_every_claim_has_a_note_and_every_note_a_claim() -> None:
    assert sorted(set(USED)) == sorted(NOTES)


@pytest.mark.parametrize("section", ["# La Musette", "## Where your data is, and how to leave", "## For programs"])
def test_every_point_of_these_sections_is_a_claim(section: str) -> None:
    text = README.split(section + "\n", 1)[1].partition("\n## ")[0]
    points = re.findall(r"^\* .*?(?=^\* |^$|\Z)", text, re.MULTILINE | re.DOTALL)
    assert [point for point in points if not re.search(r"\[\^[a-z-]+\]", point)] == []
    assert points or "[^" in text


@pytest.mark.parametrize("name", sorted(NOTES))
def test_a_note_names_a_test(name: str) -> None:
    assert TEST_ID.findall(NOTES[name])
    assert not re.sub(TEST_ID, "", NOTES[name]).replace(",", "").strip(" .")


@pytest.mark.parametrize(("path", "test"), IDS)
def test_a_test_that_is_named_exists(path: str, test: str) -> None:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert test.startswith("test_")
