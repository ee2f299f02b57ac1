"""`make faults`: what is lost when things go wrong, counted. `python -m tests.faults crashes` measures one section.

A section is a module of this package with `measure()` or `figures()`, which give figures; name it here. One that takes long
has `PARTS`, each measured alone by `python -m tests.faults lost_updates:nss`, several by `crashes:share,revoke`; what was
measured is published at once, so a run that was cut has lost nothing but its last part.
"""

import importlib
import sys
import time
from collections.abc import Sequence

from tests.figures import Figure, publish

SECTIONS = (
    "lost_updates",
    "interrupted",
    "crashes",
    "damage",
    "signin",
    "guard",
    "bulkhead",
    "hostile_files",
    "import_queue",
)


def _parts(asked: Sequence[str]) -> list[tuple[str, str]]:
    """Sections, and of those whose parts are measured one by one, each part."""
    found: list[tuple[str, str]] = []
    for name in asked or SECTIONS:
        section, _, part = name.partition(":")
        module = importlib.import_module(f"tests.faults.{section}")
        parts = [] if getattr(module, "TOGETHER", False) else [*getattr(module, "PARTS", ())]
        found += [(section, one) for one in ([part] if part else parts or [""])]
    return found


def main(asked: Sequence[str]) -> int:
    failed = False
    for section, part in _parts(asked):
        name = f"{section}-{'several' if ',' in part else part}" if part else section
        begun = time.monotonic()
        sys.stderr.write(f"{name}…\n")
        found: list[Figure] = []
        try:
            module = importlib.import_module(f"tests.faults.{section}")
            if part:
                found = module.measure(part.split(","))
            else:
                found = module.measure() if hasattr(module, "measure") else module.figures()
        except Exception as error:  # noqa: BLE001  (the other sections are measured all the same)
            sys.stderr.write(f"{name}: {error!r}\n")
            failed = True
        sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
        publish(f"faults-{name}", found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
