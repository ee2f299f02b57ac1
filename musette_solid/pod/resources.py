"""Read, create, change and delete resources: an ETag in every signature, nothing written over what was not read.

One place to import; how it is done is in `reading`, `writing` and `changes`.
"""

from musette_solid.pod.changes import N3, TRIES, change, insert
from musette_solid.pod.reading import ACCEPT, Reader, Resource, fetch, is_at_hand, look, read, required, strong
from musette_solid.pod.writing import create, delete, put, same, sent

__all__ = [
    "ACCEPT",
    "N3",
    "TRIES",
    "Reader",
    "Resource",
    "change",
    "create",
    "delete",
    "fetch",
    "insert",
    "is_at_hand",
    "look",
    "put",
    "read",
    "required",
    "same",
    "sent",
    "strong",
]
