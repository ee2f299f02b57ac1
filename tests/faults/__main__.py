"""`make faults`: what is promised for bad days, measured. Each module of this folder that has `figures()` is run.

Names after the command choose some of them: `python -m tests.faults signin guard`.
"""

import importlib
import pkgutil
import sys
import time
from pathlib import Path

from tests.figures import publish


def main(chosen: list[str]) -> int:
    measured = True
    for found in sorted(pkgutil.iter_modules([str(Path(__file__).parent)]), key=lambda found: found.name):
        if found.name.startswith(("_", "test_")) or (chosen and found.name not in chosen):
            continue
        module = importlib.import_module(f"tests.faults.{found.name}")
        if not hasattr(module, "figures"):
            continue
        begun = time.monotonic()
        figures = module.figures()
        publish(f"faults-{found.name}", figures)
        sys.stdout.write(f"{'':14} ({found.name}: {time.monotonic() - begun:.0f} s)\n")
        measured = measured and bool(figures)
    return 0 if measured else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
