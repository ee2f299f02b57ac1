"""S-5: whatever address is given to us from outside, we go nowhere we should not, and show our tokens to nobody.

Five hundred ways to write a forbidden address, at every place where an address comes in. On loopback a canary listens for
each of them. Names are looked up by a resolver under hostile hands; whatever would leave this machine is noted and refused.
"""

import asyncio
import itertools
import json
import random
import re
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import WebSocketException

from musette_solid.errors import MusetteError
from musette_solid.model import dossier as dossiers
from musette_solid.model.request import AccessRequest, Need, graph_of_request
from musette_solid.pod import access, discovery, inbox, notifications, oidc, resources, webid
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.oidc import KeptTokens
from musette_solid.pod.session import Pod
from musette_solid.pod.sockets import Sockets
from musette_solid.pod.tokens import revoked
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import (
    acknowledge,
    answer_request,
    ask_esco,
    bring_method,
    check,
    comment,
    install_reference,
    letters,
    load_proposal,
    set_up,
    take_up,
    watch,
)
from musette_solid.usecases.ask_elsewhere import ask_elsewhere
from musette_solid.usecases.granted import Opened, announced, granted, read_dossier
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.share import check_recipient
from musette_solid.web.sealed import Ticket
from tests.faults.hostile_world import Lab, a_lab, session_of
from tests.figures import Figure
from tests.pod.test_http import REFUSED
from tests.web.conftest import NOW
from tests.web.world import Both, cookie

#: Names, and what a hostile name server says of them: the last answer again and again.
NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "private.example": (("127.0.0.1",),),
    "six.example": (("::1",),),
    "mapped.example": (("::ffff:127.0.0.1",),),
    "translated.example": (("64:ff9b::7f00:1",),),
    "one-of-two.example": (("93.184.216.34", "127.0.0.1"),),
    "metadata.example": (("169.254.169.254",),),
    "neighbour.example": (("10.0.0.1",),),
    "rebound.example": (("93.184.216.34",), ("127.0.0.1",)),
    "127.0.0.1.nip.example": (("127.0.0.1",),),
    "nobody.example": ((),),
}

_HOSTS = (
    *("localhost", "LOCALHOST", "localhost.", "LocalHost", "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.0.0.2"),
    *(
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0X7F.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
    ),
    *(
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ),
    *("[2002:7f00:1::]", "[::1%25lo]", "127。0。0。1", "①②⑦.⓪.⓪.①", "ⓛocalhost", "loc\u00adalhost", "%6cocalhost"),
    *("127.0.0.1%00.example.org", "localhost%2eexample.org", "1270.0.1", "127.0.0.1\u200b", "ｌｏｃａｌｈｏｓｔ"),
    *NAMES,
)
_SCHEMES = (
    "https",
    "http",
    "HTTPS",
    "hTTp",
    "ftp",
    "gopher",
    "ws",
    "file",
    "ldap",
    "dict",
    "jar:https",
    "view-source:https",
)
_SHAPES = (
    "{s}://{h}:{p}/",
    "{s}://{h}:{p}",
    "{s}://{h}:{p}/profile/card#me",
    "{s}://{h}:0{p}/x?y=z",
    "{s}://user@{h}:{p}/",
    "{s}://example.org@{h}:{p}/#me",
    "{s}://example.org:443@{h}:{p}/",
    "{s}://{h}:{p}\\@example.org/",
    "{s}://example.org\\@{h}:{p}/",
    "{s}:\\\\{h}:{p}\\",
    "{s}:/{h}:{p}/",
    "{s}:{h}:{p}",
    "{s}:///{h}:{p}/",
    "{s}://{h}:{p}#@example.org/",
    "{s}://{h}:{p}?@example.org/",
    "{s}://{h}:{p}/..//%2e%2e/",
    "\t{s}://{h}:{p}/",
    "{s}://{h}\n:{p}/",
    "{s}://\r\n{h}:{p}/",
)


def forms(number: int = 500) -> list[str]:
    """So many ways to write an address that leads where we do not go; `{p}` is a port that listens. Always the same ones."""
    every = [shape.replace("{s}", s).replace("{h}", h) for s, h, shape in itertools.product(_SCHEMES, _HOSTS, _SHAPES)]
    # The plain ones for every host, the table of the guard's own tests, and by chance of the rest.
    plain = [f"{s}://{h}:{{p}}/x#me" for s in ("https", "http") for h in _HOSTS]
    rest = random.Random(5).sample(every, len(every))
    return list(dict.fromkeys([*plain, *REFUSED, *rest]))[:number]


class Network:
    """A resolver under hostile hands, and a frontier: what would leave this machine is noted and goes nowhere."""

    def __init__(self) -> None:
        self.crossed: list[Any] = []
        self._asked: dict[str, int] = {}

    @contextmanager
    def in_place(self) -> Iterator["Network"]:
        look_up, connect = socket.getaddrinfo, socket.socket.connect
        network = self

        def hostile(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
            name = host.lower().rstrip(".") if isinstance(host, str) else host
            if name not in NAMES:
                return look_up(host, port, *rest, **more)
            answers = NAMES[name]
            number = network._asked.get(name, 0)
            network._asked[name] = number + 1
            addresses = answers[min(number, len(answers) - 1)]
            if not addresses:
                raise socket.gaierror(socket.EAI_NONAME, "nobody")
            return [
                (socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port))
                for a in addresses
            ]

        def guarded(self: socket.socket, address: Any) -> None:
            place = str(address[0]) if isinstance(address, tuple) else "local"
            if isinstance(address, tuple) and not place.startswith("127.") and place not in {"::1", "localhost"}:
                network.crossed.append(address)
                raise OSError("this machine is an island")
            connect(self, address)

        socket.getaddrinfo = hostile
        socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
        try:
            yield self
        finally:
            socket.getaddrinfo = look_up
            socket.socket.connect = connect  # type: ignore[method-assign]

    def forget(self) -> None:
        """A name server that begins anew: the first answer is the innocent one again."""
        self._asked.clear()


class Places:
    """Where addresses come in. Each function hands in one address as somebody hostile would."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.browser = lab.browser()
        assert lab.sign_in(self.browser).status_code == 303
        ticket = Ticket.parse(cookie(self.browser) or "")
        assert ticket is not None
        session = session_of(lab.app)._load(ticket)
        assert session is not None
        assert session.bag is not None
        self.bag: Bag = session.bag
        self.person: Pod = session.pod

    def a_typed_address(self, url: str) -> None:
        assert self.lab.browser().post("/signin", data={"address": url}).status_code in {200, 400}

    def a_typed_provider(self, url: str) -> None:
        assert self.lab.browser().post("/signin", data={"issuer": url}).status_code == 400

    def a_provider_named_by_a_profile(self, url: str) -> None:
        self._profile(f"<http://www.w3.org/ns/solid/terms#oidcIssuer> {_iri(url)}")
        assert self.lab.browser().post("/signin", data={"address": self.lab.world.person.webid}).status_code in {
            200,
            400,
        }

    def a_token_endpoint(self, url: str) -> None:
        self._metadata("token_endpoint", url)

    def keys_of_a_provider(self, url: str) -> None:
        self._metadata("jwks_uri", url)

    def where_we_register(self, url: str) -> None:
        at = oidc.Provider(url, url, url, url, registration_endpoint=url)
        oidc.register(self.lab.transport, at, "http://localhost:8000/signin/callback", "x")

    def where_tokens_are_taken_back(self, url: str) -> None:
        at = oidc.Provider(url, url, url, url, revocation_endpoint=url)
        assert isinstance(self.person.credentials, KeptTokens)
        kept = self.person.credentials._tokens
        assert kept is not None
        revoked(self.lab.transport, replace(kept, provider=at))

    def a_redirect_of_a_profile(self, url: str) -> None:
        self._instead("GET", lambda request: Response(request.url, 303, {"Location": url}))
        webid.profile(self.lab.transport, f"{self.lab.world.pods.base}moved/card#me")

    def a_redirect_of_a_space(self, url: str) -> None:
        self._instead("GET", lambda request: Response(request.url, 307, {"Location": url}))
        resources.read(self.person, self.bag.layout.activities)

    def a_storage_named_by_a_profile(self, url: str) -> None:
        self._profile(f"<http://www.w3.org/ns/pim/space#storage> {_iri(url)}")
        set_up.find(self._new_pod())

    def preferences_named_by_a_profile(self, url: str) -> None:
        self._profile(f"<http://www.w3.org/ns/pim/space#preferencesFile> {_iri(url)}")
        set_up.find(self._new_pod())

    def a_bag_named_by_a_type_index(self, url: str) -> None:
        index = f"{self.lab.world.person.storage}settings/hostile.ttl"
        says = "http://www.w3.org/ns/solid/terms#"
        turtle = f"<#x> <{says}forClass> <{terms.Musette}> ; <{says}instance> {_iri(url)} ."
        self.lab.world.pods.put_bytes(index, turtle.encode())
        found = discovery.registered(self.person, discovery.TypeIndex(index, None), terms.Musette)
        for place in found:
            resources.read(self.person, place)

    def rules_named_by_a_link(self, url: str) -> None:
        self._instead("HEAD", lambda request: Response(request.url, 200, {"Link": f'<{url}>; rel="acl"'}))
        access.rules(self.person, self.bag.layout.root)

    def a_recipient(self, url: str) -> None:
        check_recipient(self.bag, url)

    def the_letterbox_of_a_recipient(self, url: str) -> None:
        self.person.meet(url)
        inbox.send(self.person, url, {"@type": "as:Announce"})

    def a_member_of_a_letterbox(self, url: str) -> None:
        listing = f"<> <http://www.w3.org/ns/ldp#contains> {_iri(url)} ."
        self._instead(
            "GET", lambda request: Response(request.url, 200, {"Content-Type": "text/turtle"}, listing.encode())
        )
        inbox.received(self.person, self.bag.layout.inbox)

    def a_dossier_that_was_announced(self, url: str) -> None:
        """Looking at the list asks nobody; only opening does."""
        note = f"{self.bag.layout.inbox}hostile"
        said = f"<> a <{terms.AS_ANNOUNCE}> ; <{terms.AS_OBJECT}> {_iri(url)} ; <{terms.AS_ACTOR}> {_iri(url)} ."
        self.lab.world.pods.put_bytes(note, said.encode())
        self.lab.world.publish(
            f"<http://www.w3.org/ns/ldp#inbox> <{self.bag.layout.inbox}>;"
            f" <http://www.w3.org/ns/solid/terms#oidcIssuer> <{self.lab.provider.issuer}>"
        )
        granted(self.person)

    def a_dossier_by_its_address(self, url: str) -> None:
        read_dossier(self.person, url, NOW)

    def a_dossier_by_its_page(self, url: str) -> None:
        assert self.browser.get("/granted/dossier?" + urlencode({"url": url})).status_code >= 400

    def a_document_to_check(self, url: str) -> None:
        check.check_url(self.lab.transport, url)

    def a_bag_that_was_remembered(self, url: str) -> None:
        resources.read(self._new_pod(), Layout(url + "/").activities)

    def where_a_rest_of_a_path_leads(self, url: str) -> None:
        """A name of a share or an activity that is none."""
        for path in (f"/shares/{url}", f"/activities/{url}"):
            with suppress(ValueError, AssertionError):  # werkzeug's client does not send every path
                self.browser.get(path)

    def a_feed_that_is_watched(self, url: str) -> None:
        self._watch(url)
        watch.look(self.bag, NOW)

    def a_feed_by_its_page(self, url: str) -> None:
        self._watch(url)
        assert self.browser.post("/watch/look").status_code in {200, 303, 502}

    def a_redirect_of_a_feed(self, url: str) -> None:
        """Something public on the web that leads elsewhere; methods, tools and rights are asked for in the same way."""
        feed = f"{self.lab.world.pods.base}feed"
        self._instead("GET", lambda request: Response(request.url, 302, {"Location": url}), at=feed)
        ask_elsewhere(self.lab.transport, feed)

    def a_method_by_its_address(self, url: str) -> None:
        bring_method.from_url(self.lab.transport, url)

    def a_method_by_its_page(self, url: str) -> None:
        assert self.browser.post("/methods/bring", data={"address": url}).status_code >= 400

    def a_tool_by_its_address(self, url: str) -> None:
        take_up.find(self.lab.transport, url)

    def a_tool_by_its_page(self, url: str) -> None:
        assert self.browser.post("/tools/take-up", data={"address": url}).status_code >= 400

    def a_right_by_its_address(self, url: str) -> None:
        load_proposal.from_url(self.lab.transport, url, NOW.date())

    def a_right_by_its_page(self, url: str) -> None:
        assert self.browser.post("/rights/proposals", data={"url": url}).status_code in {200, 422, 502}

    def a_register_by_its_address(self, url: str) -> None:
        install_reference._piece(self.lab.transport, url, 0, None)

    def where_a_register_leads(self, url: str) -> None:
        place = f"{self.lab.world.pods.base}register.zip"
        self._instead("GET", lambda request: Response(request.url, 302, {"Location": url}), at=place)
        install_reference._piece(self.lab.transport, place, 0, None)

    def the_service_of_esco(self, url: str) -> None:
        ask_esco._ask(self.lab.transport, url, "resource/occupation", {"language": "fr"})

    def where_the_service_of_esco_leads(self, url: str) -> None:
        place = f"{self.lab.world.pods.base}esco"
        self._instead("GET", lambda request: Response(request.url, 302, {"Location": url}), at=place)
        ask_esco._ask(self.lab.transport, place, "resource/occupation", {"language": "fr"})

    def a_request_by_its_address(self, url: str) -> None:
        answer_request.open_request(self.bag, url)

    def a_request_by_its_page(self, url: str) -> None:
        assert self.browser.get("/requests/open?" + urlencode({"url": url})).status_code >= 400

    def who_made_a_request(self, url: str) -> None:
        place = f"{self.lab.world.pods.base}request"
        said = self._asked.replace(f"<{self.bag.owner}>", _iri(url))
        answer = {"Content-Type": "text/turtle"}
        self._instead("GET", lambda request: Response(request.url, 200, answer, said.encode()), at=place)
        answer_request.open_request(self.bag, place)

    def who_sent_a_letter(self, url: str) -> None:
        letter = letters.Letter(f"{self.bag.layout.inbox}x", terms.AS_UNDO, url, f"{url}#it", "", "")
        acknowledge._checked(self.person, letter)

    def a_dossier_that_was_closed(self, url: str) -> None:
        """Whether it is, is asked, as a stranger would where nobody went on purpose."""
        for kind in (terms.AS_ANNOUNCE, terms.AS_UNDO):
            note = f"{self.bag.layout.inbox}hostile-{names.local(str(kind))}"
            said = f"<> a <{kind}> ; <{terms.AS_OBJECT}> {_iri(url)} ; <{terms.AS_ACTOR}> {_iri(url)} ."
            self.lab.world.pods.put_bytes(note, said.encode())
        self.lab.world.publish(
            f"<http://www.w3.org/ns/ldp#inbox> <{self.bag.layout.inbox}>;"
            f" <http://www.w3.org/ns/solid/terms#oidcIssuer> <{self.lab.provider.issuer}>"
        )
        announced(self.person, NOW.date())

    def where_comments_are_left(self, url: str) -> None:
        said = f"<#it> a <{terms.Dossier}> ; <{terms.OA_ANNOTATION_SERVICE}> {_iri(url)} ."
        graph = syntax.parse(said.encode(), "text/turtle", self.bag.layout.bag)
        opened = Opened(self.bag.layout.bag, dossiers.read(graph), graph, b"", NOW)
        comment.comment(self.person, opened, "CANARY", NOW)

    def a_description_of_a_storage(self, url: str) -> None:
        says = "http://www.w3.org/ns/solid/terms#storageDescription"
        self._instead("HEAD", lambda request: Response(request.url, 200, {"Link": f'<{url}>; rel="{says}"'}))
        notifications.service(self.person, self.bag.layout.activities)

    def where_channels_are_asked_for(self, url: str) -> None:
        says = "http://www.w3.org/ns/solid/notifications#"
        service = (
            f"<> <{says}subscription> {_iri(url)} . {_iri(url)} <{says}channelType> <{says}WebSocketChannel2023> ."
        )
        found = notifications._offered(syntax.parse(service.encode(), "text/turtle", self.bag.layout.bag), url)
        if found is not None:
            notifications.subscribe(self.person, found, self.bag.layout.activities)

    def where_a_channel_speaks(self, url: str) -> None:
        for address in (url, re.sub("^http", "ws", url.strip(), flags=re.IGNORECASE)):
            said = json.dumps({"receiveFrom": address}).encode()
            self._instead("POST", lambda request, said=said: Response(request.url, 200, {}, said))  # type: ignore[misc]
            at = notifications.Service(f"{self.bag.layout.root}.notifications/")
            with suppress(MusetteError):
                self._listen(notifications.subscribe(self.person, at, self.bag.layout.activities).receive_from)

    def where_an_older_channel_speaks(self, url: str) -> None:
        address = re.sub("^http", "ws", url.strip(), flags=re.IGNORECASE)
        self._instead("HEAD", lambda request: Response(request.url, 200, {"Updates-Via": address}))
        self._listen(notifications.service(self.person, self.bag.layout.activities).updates_via or "")

    # ---

    def _listen(self, address: str) -> None:
        outgoing = Outgoing(self.lab.world.config().allowed_hosts)

        async def listen() -> None:
            sockets = Sockets(outgoing, opened_within_s=1, ping_s=1)
            try:
                async with sockets.connected(address):
                    pass
            except (WebSocketException, OSError, TimeoutError):
                pass  # it went there, which is what the canary tells
            finally:
                sockets.close()

        # In a thread of its own, as the application listens: beside a browser that this thread drives there is a loop already.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(asyncio.run, listen()).result()

    def _watch(self, url: str) -> None:
        place = f"@base <https://nobody.example/> . <{self.bag.layout.watch}#v-1>"
        said = f"{place} a <{terms.Watch}> ; <{terms.SCHEMA_URL}> {_iri(url)} ; <{terms.DCTERMS_TITLE}> 'hostile' ."
        self.lab.world.pods.put_bytes(self.bag.layout.watch, said.encode())
        self.bag.pod.cache.forget(self.bag.layout.watch)

    @property
    def _asked(self) -> str:
        request = AccessRequest(
            iri=f"{self.lab.world.pods.base}request#it",
            sender=self.bag.owner,
            sender_name="Demo",
            title="Mission",
            purpose=terms.PURPOSE_RECRUITMENT,
            days=30,
            needs=(Need(terms.Activity),),
            notice={},
            issued=NOW,
        )
        return syntax.n_triples(graph_of_request(request)).decode()

    def _metadata(self, name: str, url: str) -> None:
        self.lab.provider.metadata = {name: url.partition("#")[0]}
        assert self.lab.sign_in().status_code == 400
        self.lab.provider.metadata = {}

    def _profile(self, said: str) -> None:
        card = self.lab.world.person.webid.partition("#")[0]
        self.lab.world.pods.put_bytes(card, f"<#me> {said} .".encode())

    def _instead(self, method: str, answer: Callable[[Request], Response], at: str = "") -> None:
        self.lab.world.pods.instead = lambda request: (
            answer(request) if request.method == method and request.url.startswith(at) else None
        )

    def _new_pod(self) -> Pod:
        return Pod(self.lab.transport, self.person.webid, self.person.credentials, known=(self.person.webid or "",))


def _iri(url: str) -> str:
    """As a document would hold it, whatever that makes of the document."""
    return f"<{url}>"


#: The modules that ask for something at an address that may come from outside, and where each is tried.
TRIED: dict[str, tuple[str, ...]] = {
    "pod.channels": ("where_channels_are_asked_for", "where_a_channel_speaks", "where_an_older_channel_speaks"),
    "pod.providers": ("a_typed_provider", "a_provider_named_by_a_profile", "where_we_register"),
    "pod.session": ("a_redirect_of_a_space", "a_bag_named_by_a_type_index", "rules_named_by_a_link"),
    "pod.tokens": ("a_token_endpoint", "keys_of_a_provider", "where_tokens_are_taken_back"),
    "pod.webid": ("a_typed_address", "a_redirect_of_a_profile"),
    "usecases.answer_request": ("a_request_by_its_address", "a_request_by_its_page", "who_made_a_request"),
    "usecases.ask": ("a_recipient", "the_letterbox_of_a_recipient"),
    "usecases.ask_elsewhere": ("a_redirect_of_a_feed",),
    "usecases.ask_esco": ("the_service_of_esco", "where_the_service_of_esco_leads"),
    "usecases.assess_another": ("a_dossier_by_its_address",),
    "usecases.bring_method": ("a_method_by_its_address", "a_method_by_its_page"),
    "usecases.check": ("a_document_to_check",),
    "usecases.granted": ("a_dossier_by_its_page", "a_dossier_that_was_announced", "a_dossier_that_was_closed"),
    "usecases.install_reference": ("a_register_by_its_address", "where_a_register_leads"),
    "usecases.letters": ("a_member_of_a_letterbox", "who_sent_a_letter"),
    "usecases.load_proposal": ("a_right_by_its_address", "a_right_by_its_page"),
    "usecases.renew": ("a_recipient",),
    "usecases.set_up": ("a_storage_named_by_a_profile", "preferences_named_by_a_profile", "a_bag_that_was_remembered"),
    "usecases.share": ("a_recipient",),
    "usecases.take_up": ("a_tool_by_its_address", "a_tool_by_its_page"),
    "usecases.watch": ("a_feed_that_is_watched", "a_feed_by_its_page"),
}


def entry_points() -> list[str]:
    return [name for name in vars(Places) if not name.startswith("_")]


def hand_in(lab: Lab, places: Places, name: str, url: str) -> str | None:
    """Hand one address in at one place; what broke, if something broke instead of being refused."""
    try:
        getattr(places, name)(url)
    except MusetteError:
        pass
    except Exception as error:  # noqa: BLE001  (whatever it is, it is ours)
        return f"{name} {url!r}: {error!r}"
    finally:
        lab.world.pods.instead = lambda _request: None
    return None


def sweep(lab: Lab, number: int, names: Sequence[str] = ()) -> tuple[int, list[str], list[Any]]:
    """Every form at every place: how many were handed in, what broke, and what tried to leave this machine."""
    port = lab.world.canary.port
    broken: list[str] = []
    handed = 0
    with Network().in_place() as network:
        for name in names or entry_points():
            lab.as_before()
            places = Places(lab)
            for form in forms(number):
                network.forget()
                session_of(lab.app).transport = Both(lab.world.pods, Outgoing(lab.world.config().allowed_hosts))
                broke = hand_in(lab, places, name, form.replace("{p}", str(port)))
                handed += 1
                if broke:
                    broken.append(broke)
            lab.provider.metadata = {}
            lab.world.publish(f"solid:oidcIssuer <{lab.provider.issuer}>")
            hits = lab.world.canary.hits
            if hits:
                broken.append(f"{name}: the canary was touched {hits} times")
    return handed, broken, network.crossed


#: Where the person goes on purpose, and shows who they are: their own profile said so, or they opened it themselves.
DELIBERATE = {
    "the_letterbox_of_a_recipient",
    "a_dossier_by_its_address",
    "a_dossier_by_its_page",
    "a_storage_named_by_a_profile",
    "preferences_named_by_a_profile",
}


def leaks(lab: Lab) -> list[str]:
    """The same places with the address of a hostile site that we may reach: where it saw a token, a proof, a cookie."""
    found = []
    for name in entry_points():
        lab.as_before()
        lab.world.site.answers = {"/x": (200, {"Content-Type": "text/turtle"}, b""), "/": (401, {}, b"")}
        for path in ("x#me", "", "absent/"):
            hand_in(lab, Places(lab), name, lab.world.site.url + path)
            lab.provider.metadata = {}
            lab.world.publish(f"solid:oidcIssuer <{lab.provider.issuer}>")
        if name not in DELIBERATE:
            # Proofs made for this very request and sent without a token show a provider that we hold a key: as they must.
            found += [f"{name}: {path}" for path in lab.world.site.secrets_received if name != "a_token_endpoint"]
    return found


def rebound(lab: Lab) -> list[Any]:
    """A name that is public when it is looked up and private a moment later: where the connection really went."""
    with Network().in_place() as network:
        for _ in range(50):
            network.forget()
            with suppress(MusetteError):
                Outgoing().send(
                    Request("GET", f"https://rebound.example:{lab.world.canary.port}/"), Limits(connect_s=1, total_s=2)
                )
    return network.crossed


def figures(number: int = 500) -> list[Figure]:
    with a_lab() as lab:
        handed, broken, crossed = sweep(lab, number)
        inside = [address for address in crossed if not str(address[0]).startswith("93.184.")]
        touched = sum("canary" in line for line in broken)
        lab.as_before()
        went = rebound(lab)
        lost = lab.world.canary.hits + sum(address[0] != "93.184.216.34" for address in went)
        seen = leaks(lab)
    for line in [*broken, *seen][:20]:
        sys.stdout.write(f"{line}\n")
    places = len(entry_points())
    what = f"canaries touched, or private places tried, by {number} forms at {places} places ({handed} in all)"
    return [
        Figure("S-5", what, touched + len(inside), "", "0", touched + len(inside) == 0),
        Figure("S-5 rebinding", "of 50 names that changed their mind, followed inside", lost, "", "0", lost == 0),
        Figure("S-5 tokens", "tokens, proofs or cookies shown to a hostile site", len(seen), "", "0", not seen),
        Figure(
            "S-5 crashed",
            "addresses that ended in a fault of ours",
            len(broken) - touched,
            "",
            "0",
            len(broken) == touched,
        ),
    ]
