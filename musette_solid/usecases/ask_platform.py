"""Ask a platform for one's data: when it was sent, until when an answer is due, what was answered."""

from datetime import date

from musette_solid.model.rights import letters
from musette_solid.model.rights.letters import DataRequest
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.usecases.layout import Bag


def requests(bag: Bag) -> tuple[DataRequest, ...]:
    return letters.read(resources.read(bag.pod, bag.layout.rights).graph)


def log_request(bag: Bag, platform: str, sent: date) -> None:
    resources.insert(bag.pod, bag.layout.rights, letters.request_graph(bag.layout.rights, platform, sent))


def log_reply(bag: Bag, iri: str, text: str, on: date) -> None:
    """Raises NotThere."""
    if not any(request.iri == iri for request in requests(bag)):
        raise NotThere(iri, 404)
    resources.insert(bag.pod, bag.layout.rights, letters.reply_graph(iri, text, on))
