"""JSON Resume to the bag and out again: its own validator agrees, and a second time round nothing changes any more."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from musette_solid.embedded import server
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import export_all, note_account, set_up
from musette_solid.usecases.import_file import import_file
from musette_solid.usecases.layout import Bag
from tests.exchange.test_jsonresume import CLASSIC, EXAMPLES, NEEDS_EXAMPLES, comparable
from tests.usecases.conftest import NOW

VALIDATOR = """
const { validate } = require('@jsonresume/schema')
for (const resume of JSON.parse(require('fs').readFileSync(0, 'utf8')))
  validate(resume, (errors) => console.log(JSON.stringify((errors || []).map(String))))
"""


@pytest.fixture(scope="module")
def new_bag() -> Any:
    pods = MemoryPod()

    def make(name: str) -> Bag:
        person = pods.create_pod(name, "Demo")
        return set_up.create(pods.pod_for(person.webid), person.storage, NOW)

    return make


def complaints(resumes: list[dict[str, Any]]) -> list[list[str]]:
    """What the validator of the published package says of each."""
    installed = server.installed()
    node = shutil.which("node")
    if installed is None or node is None:
        pytest.skip("needs @jsonresume/schema: installed with the embedded server")
    done = subprocess.run(
        [node, "-e", VALIDATOR],
        cwd=installed,
        input=json.dumps(resumes),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_its_own_validator_refuses_what_does_not_fit() -> None:
    assert complaints([{"work": [{"startDate": "hier"}]}])[0]


@NEEDS_EXAMPLES
def test_every_example_comes_back_from_a_space_valid_and_the_second_time_the_same(new_bag: Any) -> None:
    resumes = [(path.name, path.read_bytes()) for path in EXAMPLES]
    resumes.append(("classic.json", json.dumps(CLASSIC).encode()))
    once, twice = [], []
    for number, (name, data) in enumerate(resumes):
        first, second = new_bag(f"a{number}"), new_bag(f"b{number}")
        import_file(first, data, name, NOW)
        out, _ = export_all.export_json_resume(first)
        once.append(out)
        import_file(second, json.dumps(out).encode(), name, NOW)
        twice.append(export_all.export_json_resume(second)[0])
    assert complaints(once) == [[] for _ in once]
    for one, other in zip(once, twice, strict=True):
        for section in ("work", "volunteer", "education", "projects", "skills", "languages", "certificates"):
            assert comparable(other.get(section, [])) == comparable(one.get(section, [])), section


def test_an_empty_bag_is_a_valid_resume(new_bag: Any) -> None:
    assert complaints([export_all.export_json_resume(new_bag("empty"))[0]]) == [[]]


def test_only_the_accounts_of_one_side_are_in_it_and_the_others_are_named(new_bag: Any) -> None:
    bag = new_bag("accounts")
    for name, facet in (("demo-pro", terms.FACET_PROFESSIONAL), ("nuitbleue", terms.FACET_PERSONAL)):
        note_account.note_account(
            bag, {"accountName": [name], "facet": [str(facet)], "homepage": [f"https://{name}.example/"]}
        )
    resume, losses = export_all.export_json_resume(bag)
    assert [one["username"] for one in resume["basics"]["profiles"]] == ["demo-pro"]
    assert "nuitbleue" not in json.dumps(resume)
    assert any(loss.value == "nuitbleue" for loss in losses)
    assert complaints([resume]) == [[]]


def test_what_a_table_cannot_say_is_counted(new_bag: Any) -> None:
    bag = new_bag("counted")
    import_file(bag, json.dumps(CLASSIC).encode(), "classic.json", NOW)
    _, losses = export_all.export_csv(bag)
    assert any("compétence" in loss.value for loss in losses)
    assert export_all.export_csv(new_bag("nothing"))[1] == ()
