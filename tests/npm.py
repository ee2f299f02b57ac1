"""Other people's npm packages, exactly as a lock file of ours says, installed once a lock in the user's cache."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

#: What the packages we measure ourselves against ask for.
NODE_MAJOR = 20


def node_is_recent() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.lstrip("v").partition(".")[0]) >= NODE_MAJOR


def installed(folder: Path, name: str) -> Path:
    """Where the packages of `folder`/package-lock.json are; installed first if need be."""
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()[:16]
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "musette" / f"{name}-{digest}"
    if not (place / "complete").is_file():
        place.mkdir(parents=True, exist_ok=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copyfile(folder / file, place / file)
        command = ["npm", "ci", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=600)
        (place / "complete").touch()
    return place
