"""`make faults`: what is lost when things go wrong, counted. `python -m tests.faults crashes` measures one section.

A section is a module of this package with `measure()` or `figures()`, which give figures; name it here.
"""

import importlib
import sys
import time
from collections.abc import Sequence

from tests.figures import Figure, publish

SECTIONS = ("lost_updates", "interrupted", "crashes", "damage", "signin", "guard", "bulkhead")


def main(asked: Sequence[str]) -> int:
    found: list[Figure] = []
    failed = False
    for name in asked or SECTIONS:
        begun = time.monotonic()
        sys.stderr.write(f"{name}…\n")
        try:
            section = importlib.import_module(f"tests.faults.{name}")
            found += section.measure() if hasattr(section, "measure") else section.figures()
        except Exception as error:  # noqa: BLE001  (the other sections are measured all the same)
            sys.stderr.write(f"{name}: {error!r}\n")
            failed = True
        sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
    publish("faults" if not asked else "faults-" + "-".join(asked), found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
