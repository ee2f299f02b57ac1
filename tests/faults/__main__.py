"""`make faults`: what is lost when things go wrong, counted. `python -m tests.faults crashes` measures one section.

A section is a module of this package with `measure()` or `figures()`, which give figures; name it here. One that takes long
has `PARTS`, each measured alone by `python -m tests.faults lost_updates:nss`, several by `crashes:share,revoke`; what was
measured is published at once, so a run that was cut has lost nothing but its last part. One that keeps what it judged from run to
run tells it by `standing()`.

It ends in a summary of every section: what was wanted and what was found, and what was not measured this time.
`python -m tests.faults summary` gives that alone.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from types import ModuleType

from tests.figures import FOLDER, Figure, publish

SECTIONS = (
    "lost_updates",
    "interrupted",
    "crashes",
    "damage",
    "signin",
    "guard",
    "bulkhead",
    "hostile_files",
    "hostile_pages",
    "import_queue",
)
SUMMARY = "summary"


def _module(section: str) -> ModuleType:
    return importlib.import_module(f"tests.faults.{section}")


def _one_by_one(section: str) -> list[str]:
    """Its parts, where each is measured alone."""
    module = _module(section)
    return [] if getattr(module, "TOGETHER", False) else [*getattr(module, "PARTS", ())]


def _parts(asked: Sequence[str]) -> list[tuple[str, str]]:
    """Sections, and of those whose parts are measured one by one, each part."""
    found: list[tuple[str, str]] = []
    for name in asked or SECTIONS:
        section, _, part = name.partition(":")
        found += [(section, one) for one in ([part] if part else _one_by_one(section) or [""])]
    return found


def _name(section: str, part: str) -> str:
    return f"{section}-{'several' if ',' in part else part}" if part else section


def main(asked: Sequence[str]) -> int:
    failed = False
    measured: dict[str, list[Figure]] = {}
    for section, part in [] if list(asked) == [SUMMARY] else _parts(asked):
        name = _name(section, part)
        begun = time.monotonic()
        sys.stderr.write(f"{name}…\n")
        found: list[Figure] = []
        try:
            module = _module(section)
            if part:
                found = module.measure(part.split(","))
            else:
                found = module.measure() if hasattr(module, "measure") else module.figures()
        except Exception as error:  # noqa: BLE001  (the other sections are measured all the same)
            sys.stderr.write(f"{name}: {error!r}\n")
            failed = True
        sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
        publish(f"faults-{name}", found)
        measured[name] = found
    sys.stdout.writelines(f"{line}\n" for line in summary(measured))
    return 1 if failed else 0


def summary(measured: dict[str, list[Figure]]) -> Iterator[str]:
    """Section by section: wanted, found, whether it holds; what this run did not measure is said, with what is known of it."""
    yield ""
    yield f"{'figure':16} {'wanted':>10} {'found':>12}  {'':14} what"
    for section in SECTIONS:
        yield f"{section}:"
        standing: Callable[[], list[Figure]] = getattr(_module(section), "standing", list)
        known = standing()
        told = {one.id for one in known}
        of_some = [name for name in measured if name.startswith(f"{section}-")]
        for name in [_name(section, part) for part in _one_by_one(section)] or of_some or [section]:
            found = measured.get(name)
            if found is None:
                found, when = _earlier(name)
                if found:
                    yield f"  {name}: not measured this time; on {when:%Y-%m-%d %H:%M}:"
                elif not known or _one_by_one(section):
                    yield f"  {name}: NOT MEASURED TO ITS END"
            yield from map(_line, [one for one in found if one.id not in told])
        if known:
            yield "  this run and those before it:"
            yield from map(_line, known)


def _line(one: Figure) -> str:
    mark = "holds" if one.holds else "DOES NOT HOLD"
    return f"  {one.id:14} {one.target:>10} {one.value:>8g} {one.unit:5} {mark:14} {one.what}"


def _earlier(name: str) -> tuple[list[Figure], datetime]:
    """What was published by an earlier run, and when; nothing where there was none."""
    path = FOLDER / f"faults-{name}.json"
    if not path.is_file():
        return [], datetime.now(UTC)
    found = [Figure(**one) for one in json.loads(path.read_text("utf-8"))]
    return found, datetime.fromtimestamp(path.stat().st_mtime, UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
