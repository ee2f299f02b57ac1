"""Where things live in a pod, and who is at work there."""

from dataclasses import dataclass
from urllib.parse import urljoin

from musette_solid.pod.session import Pod
from musette_solid.rdf.names import document

#: The name of the container that is proposed in a storage.
DEFAULT_NAME = "musette/"


@dataclass(frozen=True)
class Layout:
    """The documents of one bag. `root` is the IRI of its container, with the slash."""

    root: str

    @classmethod
    def in_storage(cls, storage: str) -> "Layout":
        return cls(urljoin(storage, DEFAULT_NAME))

    @classmethod
    def of(cls, bag_document: str) -> "Layout":
        return cls(urljoin(document(bag_document), "./"))

    @property
    def bag(self) -> str:
        return self.root + "musette.ttl"

    @property
    def activities(self) -> str:
        return self.root + "activities.ttl"

    @property
    def skills(self) -> str:
        return self.root + "skills.ttl"

    @property
    def shares(self) -> str:
        return self.root + "shares/"

    @property
    def grants(self) -> str:
        return self.root + "grants/"

    @property
    def inbox(self) -> str:
        return self.root + "inbox/"

    @property
    def times(self) -> str:
        return self.root + "time/"

    def time(self, year: int) -> str:
        return f"{self.root}time/{year:04d}.ttl"

    def log(self, year: int) -> str:
        return f"{self.root}log/{year:04d}.ttl"

    def share(self, share_id: str) -> str:
        return f"{self.root}shares/{share_id}/"

    def dossier(self, share_id: str) -> str:
        return f"{self.root}shares/{share_id}/dossier.ttl"

    def grant(self, share_id: str) -> str:
        return f"{self.root}grants/{share_id}.ttl"


@dataclass(frozen=True)
class Bag:
    """A person's bag, and the way to it."""

    pod: Pod
    layout: Layout

    @property
    def owner(self) -> str:
        if self.pod.webid is None:
            raise ValueError("a bag belongs to somebody who is signed in")
        return self.pod.webid
