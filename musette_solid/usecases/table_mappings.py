"""What the columns of a table mean, said once and kept in the person's space as a mapping file."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress

from musette_solid.exchange import tables_reading
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.model.words import folded
from musette_solid.pod import resources
from musette_solid.pod.errors import AlreadyThere, NotThere, PodError
from musette_solid.rdf.names import derived
from musette_solid.usecases.layout import Bag


def address(bag: Bag, header: Sequence[str]) -> str:
    """Tables with the same columns share a mapping, whatever they are called."""
    return f"{bag.layout.root}mappings/{derived('t', None, *map(folded, header))}.json"


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
