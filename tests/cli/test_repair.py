"""What was damaged is said and put right, by command line, on the files of a real Community Solid Server."""

import ast
from pathlib import Path

import pytest

from musette_solid import cli
from musette_solid.embedded.server import PodServer
from tests.cli.test_command_line import Agent
from tests.conftest import MakeAccount


@pytest.mark.css
def test_a_document_that_was_cut_on_the_disk_comes_back(
    css: PodServer, css_new_account: MakeAccount, tmp_path: Path
) -> None:
    account = css_new_account("person")
    person = Agent(account, css.url, tmp_path)
    person.json("setup")
    for title in ("Repair café", "Trésorerie"):
        person.json("add", "activity", "--title", title, "--sphere", "bénévolat")
    person.json("recover")  # as signing in does: a copy of each document
    assert person.json("repair") == []
    file = css.data / "pod" / account.pod.removeprefix(css.url) / "musette" / "activities.ttl"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    (found,) = person.json("repair")
    assert found["state"] in {"damaged", "lacking"}
    assert person.json("recover", code=1)["conditions"] == [found]
    done = person.json("repair", found["document"])
    assert done["restored"] >= 1
    assert person.json("repair") == []
    assert sorted(one["title"] for one in person.json("show")["activities"]) == ["Repair café", "Trésorerie"]


def test_no_command_hides_another() -> None:
    found = []
    for path in Path(str(cli.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for one in getattr(node, "decorator_list", []):
                if isinstance(one, ast.Call) and ast.unparse(one.func).endswith((".command", ".group")):
                    group = ast.unparse(one.func).rpartition(".")[0]
                    name = ast.literal_eval(one.args[0]) if one.args else node.name.replace("_", "-")  # type: ignore[attr-defined]
                    found.append((group, name))
    assert len(found) > 20
    assert sorted(found) == sorted(set(found))
