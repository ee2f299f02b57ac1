"""Installing the pod server: whole or not at all, and a sentence when it cannot be done."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from musette_solid.embedded import server

HERE = Path(server.__file__).parent


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "musette"


class Programs:
    """A PATH with programs of our own making on it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir()

    def put(self, name: str, *lines: str) -> None:
        program = self.directory / name
        program.write_text("\n".join(("#!/bin/sh", "PATH=/usr/bin:/bin", *lines)) + "\n")
        program.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    found = Programs(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(found.directory))
    return found


GOOD_NPM = (
    "mkdir -p node_modules/@solid/community-server/bin",
    "sleep 0.3",
    "echo > node_modules/@solid/community-server/bin/server.js",
)


def test_the_manifest_names_exact_versions() -> None:
    manifest = json.loads((HERE / "package.json").read_text())
    assert manifest["private"] is True
    assert manifest["dependencies"] == {"@solid/community-server": "7.2.0", "@jsonresume/schema": "1.3.1"}


def test_the_lock_records_hashes_and_no_registry() -> None:
    text = (HERE / "package-lock.json").read_text()
    assert not re.search(r"resolved|registry", text)
    packages = json.loads(text)["packages"]
    assert len(packages) > 600
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_without_node_the_sentence_says_what_to_install_and_the_other_way(cache: Path, programs: Programs) -> None:
    with pytest.raises(server.NodeMissing) as caught:
        server.install()
    what, do = caught.value.sentences()
    assert "Node.js 18" in what
    assert "Install Node.js 18" in do
    assert "musette serve" in do


@pytest.mark.parametrize(
    ("said", "enough"),
    [("v16.20.2", False), ("v17.9.1", False), ("nonsense", False), ("v18.0.0", True), ("v22.1.0", True)],
)
def test_only_node_18_or_later_will_do(cache: Path, programs: Programs, said: str, enough: bool) -> None:
    programs.put("node", f"echo {said}")
    programs.put("npm", *GOOD_NPM)
    if enough:
        assert server.install() == server.installed()
    else:
        with pytest.raises(server.NodeMissing):
            server.install()
        assert server.installed() is None


def test_node_without_npm_is_not_enough(cache: Path, programs: Programs) -> None:
    programs.put("node", "echo v20.0.0")
    with pytest.raises(server.NodeMissing):
        server.install()


def test_a_failed_installation_leaves_nothing_behind(cache: Path, programs: Programs) -> None:
    programs.put("node", "echo v20.0.0")
    programs.put("npm", "mkdir -p node_modules/half", "echo 'npm error network is down' >&2", "exit 1")
    with pytest.raises(server.InstallFailed, match="network is down"):
        server.install()
    assert server.installed() is None
    assert list(cache.iterdir()) == []


def test_a_half_made_installation_is_not_taken_for_a_good_one(cache: Path, programs: Programs) -> None:
    programs.put("node", "echo v20.0.0")
    programs.put("npm", *GOOD_NPM)
    place = server.install()
    (place / "complete").unlink()
    (place / "node_modules/@solid/community-server/bin/server.js").unlink()
    assert server.installed() is None
    assert server.install() == place
    assert (place / "node_modules/@solid/community-server/bin/server.js").is_file()


def test_two_installations_at_once_end_in_one(cache: Path, programs: Programs) -> None:
    programs.put("node", "echo v20.0.0")
    programs.put("npm", *GOOD_NPM)
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(lambda _: server.install(), range(2))
    assert first == second == server.installed()
    assert [entry.name for entry in cache.iterdir()] == [first.name]


def test_npm_is_told_to_run_no_scripts(cache: Path, programs: Programs, tmp_path: Path) -> None:
    programs.put("node", "echo v20.0.0")
    programs.put("npm", f'echo "$@" > {tmp_path}/said', *GOOD_NPM)
    server.install()
    said = (tmp_path / "said").read_text().split()
    assert said[0] == "ci"
    assert {"--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"} <= set(said)


def test_another_lock_is_another_installation(cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = server._place()
    other = tmp_path / "package-lock.json"
    other.write_text("{}")
    monkeypatch.setattr(server, "_MANIFEST", (HERE / "package.json", other))
    assert server._place() != before
    assert os.fspath(server._place()).startswith(os.fspath(cache))
