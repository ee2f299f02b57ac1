"""Figures that a verb measures: written to build/figures/NAME.json, printed as a table; one that does not hold is shown."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "build" / "figures"


@dataclass(frozen=True)
class Figure:
    """`requests`: how many requests to pods the measured thing made; None where that says nothing."""

    id: str
    what: str
    value: float
    unit: str
    target: str
    holds: bool
    requests: int | None = None


def publish(name: str, figures: Sequence[Figure]) -> None:
    """Write and print; the caller's exit code says only whether it could measure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = [asdict(figure) for figure in figures]
    (FOLDER / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")
    for row in rows:
        mark = "holds" if row["holds"] else "DOES NOT HOLD"
        requests = "" if row["requests"] is None else f"{row['requests']} requests"
        _line(
            f"{row['id']:14} {row['value']:>10.3g} {row['unit']:8} {row['target']:10} {mark:14} {requests:14} {row['what']}"
        )


def _line(text: Any) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
