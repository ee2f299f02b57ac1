"""P6: an organisation reads a hundred dossiers, against the raw parallel transfer of the same documents."""

from datetime import UTC, date, datetime
from functools import partial

from rdflib import URIRef

from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import oidc, resources
from musette_solid.pod.resources import ACCEPT
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import share as sharing
from musette_solid.usecases.granted import Opened, read_dossiers
from musette_solid.usecases.layout import Bag, Layout
from tests.bench.taking_turns import medians
from tests.bench.warm import Counted
from tests.figures import Figure

DOSSIERS = 100
ACTIVITIES, SKILLS = 20, 10
ROUNDS = 7


def figures(css: PodServer, person: Account, organisation: Account, layout: Layout) -> list[Figure]:
    """`layout` is of a bag of `person` with activities `#a-0`... and skills `#s-0`... in it."""
    transport = Counted(css)

    def agent(account: Account) -> Pod:
        client = oidc.Client(account.client_id, account.client_secret)
        credentials = oidc.ClientCredentials(transport, css.url, client, account.webid)
        return Pod(transport, account.webid, credentials)

    bag, reader = Bag(agent(person), layout), agent(organisation)
    now = datetime.now(UTC).replace(microsecond=0)
    urls = _granted(bag, organisation, now)

    def ours() -> None:
        transport.sent.clear()
        found = read_dossiers(reader, urls, now)
        if not all(isinstance(one, Opened) and len(one.dossier.activities) == ACTIVITIES for one in found):
            raise SystemExit("a dossier could not be read")

    def direct() -> None:
        answers = reader.together([partial(reader.send, "GET", url, {"Accept": ACCEPT}) for url in urls])
        if any(answer.status != 200 for answer in answers):
            raise SystemExit("a dossier was refused")

    ours()
    sent = len(transport.sent)
    taken = medians({"ours": ours, "direct": direct}, ROUNDS, warm_up=1)
    rate = taken["direct"] / taken["ours"]
    what = f"an organisation reads {DOSSIERS} dossiers of {ACTIVITIES + SKILLS} items / raw parallel transfer: rate"
    return [Figure("P6", what, rate, "ratio", ">= 0.9", rate >= 0.9, sent)]


def _granted(bag: Bag, organisation: Account, now: datetime) -> list[str]:
    """One real share, and as many copies of its document beside it, in the same container under the same rule."""
    layout = bag.layout
    chosen = Selection(
        frozenset(f"{layout.activities}#a-{i}" for i in range(ACTIVITIES)),
        frozenset(f"{layout.skills}#s-{i}" for i in range(SKILLS)),
    )
    agreed = Terms(
        "Dossier", bag.owner, None, organisation.webid, str(terms.PURPOSE_RECRUITMENT), now, date(2099, 1, 1)
    )
    recipient = sharing.check_recipient(bag, organisation.webid)
    first = sharing.share(bag, chosen, agreed, recipient, sharing.new_id()).dossier
    graph = resources.read(bag.pod, first).graph
    urls = [first]
    for number in range(1, DOSSIERS):
        url = first.replace("/dossier.ttl", f"/dossier-{number}.ttl")
        moved = syntax.graph_of(
            tuple(URIRef(url + n[len(first) :]) if isinstance(n, URIRef) and n.startswith(first) else n for n in triple)  # type: ignore[misc]
            for triple in graph
        )
        resources.put(bag.pod, url, syntax.turtle(moved), syntax.TURTLE, {"If-None-Match": "*"})
        urls.append(url)
    return urls
