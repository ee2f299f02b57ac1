"""What a file says and nothing of which was taken over: found by looking for each of its texts in what came out of it.

Readers name what they leave out on purpose. This names the rest, so that a field that nobody thought of is a loss with its
place, never a silence.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from rdflib import Literal, URIRef

from musette_solid.errors import N_
from musette_solid.exchange import strict_json
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.markup import plain

UNSAID: Final = N_("“%(value)s” found no place in your bag")
#: More texts than a life has are not looked for one by one.
_MOST: Final = 20_000
_LETTERS: Final = re.compile(r"[\W_]+")


def of_json(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number with its JSON pointer."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from of_json(inner, place + strict_json.pointer(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from of_json(inner, f"{place}/{number}")
    elif value is not None and not isinstance(value, bool) and value != "":
        yield place, str(value)


def of_xml(element: Element, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text with the local names on the way to it; the second of several equal names is `/1`."""
    if not len(element) and (element.text or "").strip():
        yield place, (element.text or "").strip()
    seen: dict[str, int] = {}
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        number = seen[name] = seen.get(name, -1) + 1
        yield from of_xml(child, f"{place}/{name}" + (f"/{number}" if number else ""))


def name_unsaid(draft: Draft, texts: Iterable[tuple[str, str]], formal: re.Pattern[str]) -> None:
    """A loss for each text that came out nowhere. `formal`: places that say how a file is made, or a code beside its words."""
    found = list(texts)
    if len(found) > _MOST:
        return
    said = {
        _bare(str(value))
        for graph in draft.graphs.values()
        for value in graph.objects()
        if isinstance(value, Literal | URIRef)
    }
    said |= {_bare(line.detail) for line in draft.lines} | {_bare(loss.value) for loss in draft.losses}
    whole = "\n".join(said)
    lost = {_numberless(loss.place) for loss in draft.losses if loss.place not in {"", "/"}}
    for place, value in found:
        lines = [bare for line in plain(value).splitlines() if (bare := _bare(line)[:200])]
        if formal.search(place) or all(bare in said or bare in whole for bare in lines):
            continue
        steps = _numberless(place).split("/")
        if any("/".join(steps[:length]) in lost for length in range(2, len(steps) + 1)):
            continue
        draft.lose(place, UNSAID, plain(value))


def _bare(text: str) -> str:
    return _LETTERS.sub("", text.casefold())


def _numberless(place: str) -> str:
    """Places are compared by their names: a reader may count from another beginning."""
    return "/".join(step for step in place.split("/") if not step.isdecimal())
