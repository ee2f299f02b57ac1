"""Link headers (RFC 8288), parsed properly: quoted parameters, several relations, relative targets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from musette_solid.pod.http import Response

ACL = "acl"
TYPE = "type"
DESCRIBED_BY = "describedby"
STORAGE_DESCRIPTION = "http://www.w3.org/ns/solid/terms#storagedescription"
INBOX = "http://www.w3.org/ns/ldp#inbox"

STORAGE = "http://www.w3.org/ns/pim/space#Storage"
ACCESS_CONTROL_RESOURCE = "http://www.w3.org/ns/solid/acp#AccessControlResource"

_LINK = re.compile(
    r"<(?P<target>[^>]*)>(?P<parameters>(?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:\"(?:\\.|[^\"\\])*\"|[^\s;,\"]*))?)*)"
)
_PARAMETER = re.compile(r";\s*(?P<name>[^\s=;,]+)\s*(?:=\s*(?:\"(?P<quoted>(?:\\.|[^\"\\])*)\"|(?P<bare>[^\s;,\"]*)))?")


@dataclass(frozen=True)
class Links:
    """Targets by relation, relations in lower case (they are case-insensitive; NSS writes `describedBy`)."""

    by_relation: Mapping[str, tuple[str, ...]]

    def first(self, relation: str) -> str | None:
        found = self.by_relation.get(relation.lower(), ())
        return found[0] if found else None

    def only(self, relation: str) -> str | None:
        """The target when there is exactly one: two rule documents are no rule document."""
        found = set(self.by_relation.get(relation.lower(), ()))
        return found.pop() if len(found) == 1 else None

    def has(self, relation: str, target: str) -> bool:
        return target in self.by_relation.get(relation.lower(), ())


def links(response: Response) -> Links:
    """The links of an answer, resolved against where the answer came from; links about something else are left out."""
    found: dict[str, list[str]] = {}
    for match in _LINK.finditer(response.headers.get("Link", "")):
        parameters: dict[str, str] = {}
        for parameter in _PARAMETER.finditer(match["parameters"]):
            quoted = parameter["quoted"]
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else (parameter["bare"] or "")
            parameters.setdefault(parameter["name"].lower(), value)  # RFC 8288 3.3: the first `rel` counts
        if "anchor" in parameters:
            continue
        try:
            target = urljoin(response.url, match["target"])
        except ValueError:  # "https://[": leads nowhere
            continue
        for relation in parameters.get("rel", "").lower().split():
            found.setdefault(relation, []).append(target)
    return Links({relation: tuple(targets) for relation, targets in found.items()})
