"""How inputs are found in a bag: the names of the measures, and what each one gives."""

from collections.abc import Mapping
from typing import Final

#: Measure to the kind of value that it gives: number, flag, day, amounts (by name), texts, text.
KINDS: Final[Mapping[str, str]] = {
    "activity": "text",
    "age": "number",
    "answer": "flag",
    "balance": "number",
    "birth-year": "number",
    "categories": "texts",
    "conclusion": "number",
    "contract-days": "number",
    "contract-end": "day",
    "contract-hours": "number",
    "day": "day",
    "day-of-year": "day",
    "declared-on": "day",
    "hours": "number",
    "hours-by-organisation": "amounts",
    "none": "number",
    "on-board": "flag",
    "open-categories": "texts",
    "self-employed-share": "number",
    "sphere-present": "flag",
    "stated": "number",
    "stated-by-activity": "amounts",
    "stated-by-kind": "amounts",
    "stated-last": "number",
    "today": "day",
    "work-share": "number",
    "year": "number",
}
