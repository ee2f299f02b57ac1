"""Where things live in a pod, and who is at work there."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from musette_solid.pod.errors import NotThere
from musette_solid.pod.session import Pod
from musette_solid.rdf.names import document

#: The name of the container that is proposed in a storage.
DEFAULT_NAME = "musette/"


#: What names a share: a UUID as we write them.
_SHARE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

#: What names a thing that is passed on: as we write fragments, or another application does.
_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")

#: What names a letterbox.
_LETTERBOX = re.compile(r"inbox(-(?P<number>[1-9][0-9]{0,5}))?/")

#: What names a year's document of time entries.
_YEAR = re.compile(r"[0-9]{4}\.ttl")


def _checked(share_id: str) -> str:
    """The identifier, or NotThere: it becomes part of an address under which everything may be deleted, and dots climb."""
    if not _SHARE_ID.fullmatch(share_id):
        raise NotThere("", 404)
    return share_id


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
    def rights(self) -> str:
        return self.root + "rights.ttl"

    @property
    def goals(self) -> str:
        return self.root + "goals.ttl"

    @property
    def evidence(self) -> str:
        return self.root + "evidence/"

    @property
    def shares(self) -> str:
        return self.root + "shares/"

    @property
    def grants(self) -> str:
        return self.root + "grants/"

    @property
    def identities(self) -> str:
        """The person's accounts on platforms and networks."""
        return self.root + "identities.ttl"

    @property
    def portfolio(self) -> str:
        """What the person chose to show on their page; theirs alone."""
        return self.root + "portfolio.ttl"

    @property
    def profile(self) -> str:
        """What the person chose to show in their profile, and what was written there; theirs alone."""
        return self.root + "profile.ttl"

    @property
    def published(self) -> str:
        """The one container that everybody may read: it holds the page and nothing else."""
        return self.root + "portfolio/"

    @property
    def page(self) -> str:
        return self.root + "portfolio/index.html"

    @property
    def calendar(self) -> str:
        """Which calendar the person published, and where; theirs alone."""
        return self.root + "calendar.ttl"

    @property
    def calendars(self) -> str:
        """Holds the container that a published calendar lies in; it is not open itself, so nobody can list it."""
        return self.root + "calendar/"

    def calendar_at(self, token: str) -> str:
        return f"{self.root}calendar/{_checked(token)}/deadlines.ics"

    @property
    def commons(self) -> str:
        """What the person passes on to everybody: one public container a tool or a method."""
        return self.root + "commons/"

    def common(self, key: str) -> str:
        """What others read of one tool. Raises NotThere: the key becomes part of an address that everybody may read."""
        if not _KEY.fullmatch(key):
            raise NotThere("", 404)
        return f"{self.commons}{key}/tool.ttl"

    def common_method(self, key: str) -> str:
        """What others read of one method. Raises NotThere, as `common`."""
        return urljoin(self.common(key), "method.ttl")

    @property
    def methods(self) -> str:
        """Methods that the person brought, one document each."""
        return self.root + "methods/"

    def method(self, key: str) -> str:
        """Raises NotThere: the key comes from an address."""
        if not _KEY.fullmatch(key):
            raise NotThere("", 404)
        return f"{self.methods}{key}.ttl"

    @property
    def inbox(self) -> str:
        """The first letterbox; one that was flooded is followed by another, beside it."""
        return self.root + "inbox/"

    def letterbox(self, number: int) -> str:
        return self.inbox if number < 2 else f"{self.root}inbox-{number}/"

    def letterbox_number(self, iri: str) -> int | None:
        """Which letterbox of this bag it is, if any."""
        found = _LETTERBOX.fullmatch(iri.removeprefix(self.root)) if iri.startswith(self.root) else None
        return int(found["number"] or 1) if found else None

    @property
    def intents(self) -> str:
        """Operations of several requests that are under way; empty when all is well."""
        return self.root + "intents/"

    @property
    def answers(self) -> str:
        """What the person decided about requests."""
        return self.root + "requests.ttl"

    @property
    def requests(self) -> str:
        """What an organisation asks for, one public container a request."""
        return self.root + "requests/"

    @property
    def comments_kept(self) -> str:
        """Comments of others that the person kept, and their answers."""
        return self.root + "comments.ttl"

    @property
    def kept(self) -> str:
        """Copies of the documents as they were on earlier days, against damage."""
        return self.root + "kept/"

    @property
    def journals(self) -> str:
        return self.root + "journal/"

    @property
    def people(self) -> str:
        return self.root + "people.ttl"

    @property
    def tools(self) -> str:
        return self.root + "tools.ttl"

    @property
    def values(self) -> str:
        """What activities count for, by the person's own judgement."""
        return self.root + "values.ttl"

    @property
    def watch(self) -> str:
        """Where opportunities are looked for, and what became of those that were found."""
        return self.root + "watch.ttl"

    @property
    def scenarios(self) -> str:
        """What-ifs: nothing in it is so, and nothing but the pages of scenarios reads it."""
        return self.root + "scenarios.ttl"

    @property
    def times(self) -> str:
        return self.root + "time/"

    def document(self, key: str) -> str:
        """A document by its key: "activities", "time/2026"."""
        return f"{self.root}{key}.ttl"

    def time(self, year: int) -> str:
        return f"{self.root}time/{year:04d}.ttl"

    @property
    def summary(self) -> str:
        """What the years of time add up to: derived, and made again when it does not hold."""
        return self.root + "time/summary.ttl"

    def is_year(self, iri: str) -> bool:
        """Whether it is a year's document of time entries."""
        return bool(_YEAR.fullmatch(iri.removeprefix(self.times)))

    def journal(self, year: int) -> str:
        return f"{self.root}journal/{year:04d}.ttl"

    def is_journal(self, iri: str) -> bool:
        """Whether it is a year's document of the journal."""
        return bool(_YEAR.fullmatch(iri.removeprefix(self.journals)))

    def log(self, year: int) -> str:
        return f"{self.root}log/{year:04d}.ttl"

    def intent(self, name: str) -> str:
        return f"{self.root}intents/{name}.ttl"

    def share(self, share_id: str) -> str:
        return f"{self.root}shares/{_checked(share_id)}/"

    def dossier(self, share_id: str) -> str:
        return f"{self.root}shares/{_checked(share_id)}/dossier.ttl"

    def comments(self, share_id: str) -> str:
        """Where the recipient of a share may leave comments, when they were invited to."""
        return f"{self.root}shares/{_checked(share_id)}/comments/"

    def request(self, request_id: str) -> str:
        return f"{self.root}requests/{_checked(request_id)}/request.ttl"

    def grant(self, share_id: str) -> str:
        return f"{self.root}grants/{_checked(share_id)}.ttl"


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
