"""The pod room works without the rest of the package, so that it could be published on its own."""

import subprocess
import sys
from pathlib import Path

import musette_solid

_IMPORT = """
import importlib, pkgutil, sys

ALLOWED = {"pod", "rdf", "errors", "shipped"}  # shipped: where the JSON-LD context lies

class Closed:
    def find_spec(self, name, path=None, target=None):
        room = name.split(".")[1] if name.startswith("musette_solid.") else "errors"
        outside = name.partition(".")[0] in {"flask", "werkzeug", "click", "flask_babel", "waitress", "pyshacl"}
        if room not in ALLOWED or outside:
            raise ImportError(f"{name} is closed")

sys.meta_path.insert(0, Closed())
import musette_solid.pod
for module in pkgutil.iter_modules(musette_solid.pod.__path__):
    importlib.import_module(f"musette_solid.pod.{module.name}")
print("alone")
"""


def test_every_module_of_the_pod_room_is_imported_with_the_other_rooms_closed() -> None:
    done = subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "alone\n", done.stderr


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(musette_solid.__file__).parent / "py.typed").is_file()
