"""What `pip install` brings: everything the program reads beside its code, its licences, and nothing else."""

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = "musette_solid/_shipped/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from this checkout with the tools that are here: nothing is fetched."""
    place = tmp_path_factory.mktemp("wheel")
    build = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(place)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return place / done.stdout.split()[-1]


def test_it_holds_what_the_program_reads_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("vocab", "shapes", "web/templates", "web/static", "web/cv"):
        here = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {f"{SHIPPED}{path.as_posix()}" for path in here} <= names
    assert f"{SHIPPED}web/translations/fr/LC_MESSAGES/messages.mo" in names
    assert "musette_solid/py.typed" in names
    assert not [name for name in names if not name.startswith(("musette_solid/", "musette_solid-"))]


def test_it_says_its_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        (said,) = [name for name in opened.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(opened.read(said).decode())
        for licence in metadata.get_all("License-File", []):
            assert opened.read(f"{said.removesuffix('METADATA')}licenses/{licence}") == (ROOT / licence).read_bytes()
    assert metadata["License-Expression"] == "MIT AND CC-BY-4.0 AND OFL-1.1"


def test_it_works_by_itself(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    example = ROOT / "vocab" / "examples" / "activities.ttl"
    run = "import sys; sys.path.insert(0, sys.argv.pop(1)); from musette_solid import shipped; "
    run += "assert shipped.ROOT.name == '_shipped'; from musette_solid.start import main; main()"
    command = [sys.executable, "-P", "-c", run, str(tmp_path), "--lang", "fr", "check", str(example)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "Tout convient.")
