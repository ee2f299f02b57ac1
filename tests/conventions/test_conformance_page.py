"""The page of what holds on which server names every scenario that there is, and none that is gone."""

import ast
from pathlib import Path

from tests.conformance import quirks, written


def _scenarios() -> set[str]:
    return {
        function.name.removeprefix("test_").replace("_", " ")
        for path in Path(written.__file__).parent.glob("test_*.py")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
    }


def test_every_scenario_is_on_the_page() -> None:
    rows = [line.split("|") for line in written.DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| ")]
    named = {row[1].strip() for row in rows} - {"scenario", "**all**"}
    assert named == _scenarios(), "python -m tests.conformance.matrix --write"
    assert len(rows[0]) == len(quirks.MAKE_PODS) + 3


def test_a_form_that_is_left_out_is_counted_and_explained() -> None:
    called = {server: server.upper() for server in quirks.MAKE_PODS}
    verdicts = {"a thing [x]": {"nss": "ok", "css": "ok"}, "a thing [y]": {"nss": "skip", "css": "ok"}}
    page = written.document(verdicts, {("nss", "a thing [y]"): "it has none"}, called)
    row = next(line for line in page.splitlines() if line.startswith("| a thing"))
    assert sorted(cell.strip() for cell in row.split("|") if cell.strip()) == ["1 of 2", "2 of 2", "a thing"]
    assert "### NSS\n\n* a thing: it has none." in page
