"""What the columns of a table mean, said once and kept in the person's space as a mapping file."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from musette_solid.exchange import tables_reading
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.recognised_json import Packed
from musette_solid.exchange.recognition import Asked
from musette_solid.exchange.tables_reading import ColumnsUnknown
from musette_solid.model.words import folded
from musette_solid.pod import resources
from musette_solid.pod.errors import AlreadyThere, NotThere, PodError
from musette_solid.rdf.names import derived
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.preview_import import look_packed


def address(bag: Bag, header: Sequence[str]) -> str:
    """Tables with the same columns share a mapping, whatever they are called."""
    return f"{bag.layout.root}mappings/{derived('t', None, *map(folded, header))}.json"


def look_as_taught(
    bag: Bag,
    data: bytes,
    name: str,
    now: datetime,
    asked: Asked | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> Packed:
    """What a file gives; a table is read with what was said of its columns before. Raises what `look_packed` raises."""
    asked = asked or Asked()
    refusal: ColumnsUnknown | None = None
    found: Packed | None = None
    try:
        found = look_packed(bag, data, name, now, asked, is_stopped)
    except ColumnsUnknown as error:
        refusal = error
    header = found.header if found else refusal.header if refusal else ()
    # What is said now counts more than what was said before.
    known = saved(bag, header) if header and not asked.mapping else {}
    if known:
        return look_packed(bag, data, name, now, replace(asked, mapping=known), is_stopped)
    if refusal is not None:
        raise refusal
    assert found is not None
    return found


def saved(bag: Bag, header: Sequence[str]) -> dict[str, str]:
    """The mapping that was kept for such a table; empty when there is none that can be read."""
    try:
        answer = resources.fetch(bag.pod, address(bag, header), "application/json")
        return tables_reading.mapping_of(answer.body)
    except (NotThere, UnreadableFile):
        return {}


def save(bag: Bag, header: Sequence[str], columns: Mapping[str, str], sphere: str, days: str) -> None:
    body = json.dumps(tables_reading.mapping_file(columns, sphere, days), ensure_ascii=False, indent=2).encode()
    url = address(bag, header)
    try:
        resources.put(bag.pod, url, body, "application/json", {"If-None-Match": "*"})
    except AlreadyThere:
        # A convenience: the import itself must not fail for it.
        with suppress(PodError):
            etag = resources.strong(resources.fetch(bag.pod, url, "application/json").headers.get("ETag"))
            resources.put(bag.pod, url, body, "application/json", {"If-Match": etag} if etag else {})
