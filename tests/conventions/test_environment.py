"""Every variable that the programs read is described, and nothing else is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"MUSETTE_[A-Z_]*[A-Z]")


def test_every_environment_variable_is_documented() -> None:
    read = {name for path in (ROOT / "musette_solid").rglob("*.py") for name in NAME.findall(path.read_text("utf-8"))}
    text = (ROOT / "docs" / "reference" / "environment.md").read_text("utf-8")
    described = set(re.findall(r"^\| `(MUSETTE_[A-Z_]+)`", text, re.MULTILINE))
    assert read == described
