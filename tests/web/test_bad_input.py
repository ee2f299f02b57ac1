"""What goes wrong, one row a case: a clear sentence in French and in English, and not a byte of the space changed."""

import io
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.layout import Bag
from tests.web.conftest import MakeClient, Somebody
from tests.web.reviewer import Page, Reviewer
from tests.web.test_imports import waited
from tests.web.test_shares import choices, looked_at
from tests.web.test_time import TODAY

LANGUAGES = ("fr", "en")
DAMAGED = b"@prefix dcterms: <http://purl.org/dc/terms/> .\n<#a-2> dcterms:title Zibeline"
CARE = str(terms.SPHERE_CARE)


@dataclass
class Scene:
    """Somebody with a bag, in front of their browser."""

    server: MemoryPod
    bag: Bag
    browser: Reviewer
    organisation: Person
    before: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = self.stored()

    def damage(self, document: str, body: bytes = DAMAGED, media_type: str = syntax.TURTLE) -> None:
        """What another application, or a fault, left there."""
        self.server.put_bytes(document, body, media_type)
        self.bag.pod.cache = Cache()
        self.before = self.stored()

    def fails(self, answer: Callable[[Request], Response | None], *methods: str) -> None:
        self.server.instead = lambda request: answer(request) if not methods or request.method in methods else None
        self.bag.pod.cache = Cache()

    def stored(self) -> Mapping[str, tuple[bytes, str]]:
        """Every byte of every document; containers only list what is in them."""
        return {url: (kept.body, kept.media_type) for url, kept in self.server._stored.items() if not url.endswith("/")}


def answering(status: int) -> Callable[[Request], Response | None]:
    return lambda request: Response(request.url, status, {"Content-Type": "text/plain"}, b"Zibeline")


def no_answer(request: Request) -> Response | None:
    raise Unreachable(request.url, host="pod.example", cause="deadline")


WRITES = ("PUT", "PATCH", "POST", "DELETE")


def add(scene: Scene, **changes: str) -> TestResponse:
    page = scene.browser.get("/activities/new")
    return scene.browser.send(page, "/activities/", **{"title": "Zibeline", "sphere": CARE, **changes})


def correct(scene: Scene) -> TestResponse:
    """Typed before, sent after whatever happened."""
    page = scene.browser.get("/activities/a-2/correct")
    return scene.browser.send(page, "/activities/a-2/correct", location="Zibeline")


def log(scene: Scene, line: str = "2 h 30 repair café") -> TestResponse:
    return scene.browser.post("/time/", data={"line": line})


def upload(scene: Scene, data: bytes, name: str = "cv.json") -> TestResponse:
    return waited(scene.browser, scene.browser.post("/import/", data={"file": (io.BytesIO(data), name)}))


# --- what happens: each returns the answer whose sentence is looked at


def damaged_list(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.activities)
    return scene.browser.get("/activities/")


def damaged_home(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.activities)
    return scene.browser.get("/")


def damaged_one(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.activities)
    return scene.browser.get("/activities/a-2")


def damaged_add(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.activities)
    return add(scene)


def damaged_while_correcting(scene: Scene) -> TestResponse:
    page = scene.browser.get("/activities/a-2/correct")
    scene.damage(scene.bag.layout.activities)
    return scene.browser.send(page, "/activities/a-2/correct", location="Zibeline")


def damaged_while_deleting(scene: Scene) -> TestResponse:
    page = scene.browser.get("/activities/a-2/delete")
    scene.damage(scene.bag.layout.activities)
    return scene.browser.send(page, "/activities/a-2/delete")


def damaged_time(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.time(TODAY.year))
    return log(scene)


def damaged_skills(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.skills)
    return scene.browser.send(scene.browser.get("/skills/new"), "/skills/", prefLabel="Zibeline")


def damaged_share(scene: Scene) -> TestResponse:
    page = scene.browser.get("/shares/new")
    scene.damage(scene.bag.layout.skills)
    return scene.browser.send(page, "/shares/preview", **choices(scene.organisation.webid))


def damaged_import(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.activities)
    return upload(scene, b'{"work": [{"name": "Demo", "position": "Zibeline"}]}')


def another_kind_of_file(scene: Scene) -> TestResponse:
    scene.damage(scene.bag.layout.activities, b"\x89PNG", "image/png")
    return scene.browser.get("/activities/a-2")


def refused_read(scene: Scene) -> TestResponse:
    scene.fails(answering(403))
    return scene.browser.get("/activities/")


def refused_write(scene: Scene) -> TestResponse:
    scene.fails(answering(403), *WRITES)
    return add(scene)


def refused_time(scene: Scene) -> TestResponse:
    scene.fails(answering(403), *WRITES)
    return log(scene)


def refused_share(scene: Scene) -> TestResponse:
    preview = looked_at(scene.browser, scene.organisation.webid)
    scene.fails(answering(403), *WRITES)
    return scene.browser.send(preview, "/shares/")


def out_of_order(scene: Scene) -> TestResponse:
    scene.fails(answering(503))
    return scene.browser.get("/")


def out_of_order_write(scene: Scene) -> TestResponse:
    scene.fails(answering(500), *WRITES)
    return correct(scene)


def out_of_order_share(scene: Scene) -> TestResponse:
    preview = looked_at(scene.browser, scene.organisation.webid)
    scene.fails(answering(500), *WRITES)
    return scene.browser.send(preview, "/shares/")


def full(scene: Scene) -> TestResponse:
    scene.fails(answering(507), *WRITES)
    return add(scene)


def late(scene: Scene) -> TestResponse:
    scene.fails(no_answer)
    return scene.browser.get("/skills/")


def late_write(scene: Scene) -> TestResponse:
    scene.fails(no_answer, *WRITES)
    return log(scene)


def late_recipient(scene: Scene) -> TestResponse:
    page = scene.browser.get("/shares/new")
    card = scene.organisation.webid.partition("#")[0]
    scene.fails(lambda request: no_answer(request) if request.url == card else None)
    return scene.browser.send(page, "/shares/preview", **choices(scene.organisation.webid))


def end_before_start(scene: Scene) -> TestResponse:
    return add(scene, startDate="2020-03", endDate="2019")


def no_such_sphere(scene: Scene) -> TestResponse:
    return add(scene, sphere=terms.MUS + "sphere-zibeline")


def no_iri_as_sphere(scene: Scene) -> TestResponse:
    return add(scene, sphere="<zibeline>")


def long_day_in_a_line(scene: Scene) -> TestResponse:
    return log(scene, "25 h repair café")


def long_day_in_the_form(scene: Scene) -> TestResponse:
    return scene.browser.send(scene.browser.get("/time/new?activity=a-11"), "/time/new", minutes="25 h")


def changed_meanwhile(scene: Scene) -> TestResponse:
    page = scene.browser.get("/activities/a-2/correct")
    scene.browser.send(page, "/activities/a-2/correct", location="Là-bas")
    scene.before = scene.stored()
    answer = scene.browser.send(page, "/activities/a-2/correct", location="Ici")
    assert "Là-bas" in answer.text
    assert 'value="Ici"' in answer.text
    return answer


def skill_changed_meanwhile(scene: Scene) -> TestResponse:
    page = scene.browser.get("/skills/s-2/correct")
    scene.browser.send(page, "/skills/s-2/correct", prefLabel="La leur")
    scene.before = scene.stored()
    answer = scene.browser.send(page, "/skills/s-2/correct", prefLabel="La mienne")
    assert "La leur" in answer.text
    assert 'value="La mienne"' in answer.text
    return answer


def changed_again_and_again(scene: Scene) -> TestResponse:
    """A server that never takes the version that it has just given."""
    scene.fails(answering(412), "PATCH", "PUT")
    return correct(scene)


def no_rule(scene: Scene) -> TestResponse:
    """The last step, the only one that opens anything, fails: everything before it is taken back."""
    preview = looked_at(scene.browser, scene.organisation.webid)
    is_rule = re.compile(r"/shares/[^/]+/\.acl$")
    scene.fails(lambda request: answering(500)(request) if is_rule.search(request.url) else None, "PUT")
    return scene.browser.send(preview, "/shares/")


def a_picture(scene: Scene) -> TestResponse:
    return upload(scene, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "cv.png")


def a_table(scene: Scene) -> TestResponse:
    return upload(scene, b"name,role\nDemo,Baker\0\n", "cv.csv")


def a_list(scene: Scene) -> TestResponse:
    return upload(scene, b'[{"work": []}]')


def other_json(scene: Scene) -> TestResponse:
    return upload(scene, b'{"work": "I worked"}')


def cut_short(scene: Scene) -> TestResponse:
    return upload(scene, b'{"work": [{"name": "Demo"')


def same_name_twice(scene: Scene) -> TestResponse:
    return upload(scene, b'{"work": [], "work": []}')


def changed_on_the_way(scene: Scene) -> TestResponse:
    return waited(scene.browser, scene.browser.post("/import/write", data={"name": "cv.json", "packed": "eJwDAAAA"}))


def shared_with(recipient: str | Callable[[Scene], str]) -> Callable[[Scene], TestResponse]:
    return lambda scene: looked_at(scene.browser, recipient if isinstance(recipient, str) else recipient(scene))


def confirmed_with(recipient: Callable[[Scene], str]) -> Callable[[Scene], TestResponse]:
    """The preview was of somebody; the form that confirms it is changed by hand."""

    def act(scene: Scene) -> TestResponse:
        preview = looked_at(scene.browser, scene.organisation.webid)
        return scene.browser.send(preview, "/shares/", recipient=recipient(scene))

    return act


UNREADABLE = (
    "Une partie de votre musette n’est pas lisible\u00a0: une autre application y a écrit quelque chose",
    "A part of your bag cannot be read: another application wrote something there that is not understood.",
)
ILL_FORMED = (
    "Ce document n’a pas pu être lu\u00a0: il est mal formé, ligne 2, colonne 22.",
    "This document could not be read: it is not well formed at line 2, column 22.",
)
NOT_OPEN = ("Ce document ne vous est pas ouvert.", "This document is not open to you.")
STRANGE = (
    "L’espace a répondu d’une façon que nous n’attendions pas (500).",
    "The space answered in a way we did not expect (500).",
)
SILENT = ("Pas de réponse de pod.example.", "No answer from pod.example.")
SPHERE = ("Choisissez la sphère de cette activité dans la liste.", "Choose the sphere of this activity from the list.")
CHANGED = (
    "Ceci a été modifié ailleurs pendant que vous écriviez Rien n’est enregistré et rien n’est perdu.",
    "This was changed somewhere else while you were writing Nothing was saved and nothing is lost.",
)
FILE = ("Ce fichier n’a pas pu être lu", "This file could not be read")


def refused(french: str, english: str) -> tuple[str, str]:
    return (
        f"Nous ne pouvons pas partager avec cette adresse\u00a0: {french}. Rien n’a été partagé.",
        f"We cannot share with this address: {english}. Nothing was shared.",
    )


EVERYBODY = refused("elle désigne tout le monde", "it means everybody")
ONESELF = refused("c’est la vôtre", "it is your own")
NOBODY = refused("il n’y a pas de profil à cette adresse", "there is no profile at this address")

CASES: dict[str, tuple[Callable[[Scene], TestResponse], int, tuple[str, str]]] = {
    "a damaged document, the list": (damaged_list, 200, UNREADABLE),
    "a damaged document, the first page": (damaged_home, 200, UNREADABLE),
    "a damaged document, one activity": (damaged_one, 502, ILL_FORMED),
    "a damaged document, adding to it": (damaged_add, 502, ILL_FORMED),
    "a damaged document, correcting it": (damaged_while_correcting, 502, ILL_FORMED),
    "a damaged document, deleting from it": (damaged_while_deleting, 502, ILL_FORMED),
    "a damaged document, logging time": (damaged_time, 502, ILL_FORMED),
    "a damaged document, adding a skill": (damaged_skills, 502, ILL_FORMED),
    "a damaged document, sharing from it": (damaged_share, 502, ILL_FORMED),
    "a damaged document, importing": (damaged_import, 502, ILL_FORMED),
    "another kind of file in its place": (
        another_kind_of_file,
        502,
        (
            "Ce document n’a pas pu être lu\u00a0: il n’est ni en Turtle ni en JSON-LD.",
            "This document could not be read: it is neither Turtle nor JSON-LD.",
        ),
    ),
    "403, reading": (refused_read, 403, NOT_OPEN),
    "403, adding": (refused_write, 403, NOT_OPEN),
    "403, logging time": (refused_time, 403, NOT_OPEN),
    "403, sharing": (refused_share, 403, NOT_OPEN),
    "412, an activity": (changed_meanwhile, 412, CHANGED),
    "412, a skill": (skill_changed_meanwhile, 412, CHANGED),
    "412, again and again": (changed_again_and_again, 412, CHANGED),
    "5xx, reading": (
        out_of_order,
        503,
        ("pod.example ne peut pas répondre pour le moment.", "pod.example cannot answer at the moment."),
    ),
    "5xx, correcting": (out_of_order_write, 502, STRANGE),
    "5xx, sharing": (out_of_order_share, 502, STRANGE),
    "5xx, at the last step of sharing": (no_rule, 502, STRANGE),
    "no room left": (
        full,
        507,
        ("Il n’y a plus assez de place dans l’espace.", "There is not enough room left in the space."),
    ),
    "no answer in time, reading": (late, 504, SILENT),
    "no answer in time, logging time": (late_write, 504, SILENT),
    "no answer in time, from the recipient's site": (
        late_recipient,
        422,
        refused("le site qui la garde ne répond pas", "the site that keeps it does not answer"),
    ),
    "end before start": (
        end_before_start,
        422,
        (
            "La fin vient avant le début (2020-03)\u00a0: corrigez l’une ou l’autre.",
            "The end comes before the start (2020-03): correct one or the other.",
        ),
    ),
    "an unknown sphere": (no_such_sphere, 422, SPHERE),
    "a sphere that is no address": (no_iri_as_sphere, 422, SPHERE),
    "a day of 25 hours, in one line": (
        long_day_in_a_line,
        422,
        (
            "«\u00a025 h\u00a0», c’est plus d’un jour\u00a0: une ligne vaut pour un jour, et un jour a 24\u00a0heures.",
            "“25 h” is more than a day: an entry is for one day, and a day has 24 hours.",
        ),
    ),
    "a day of 25 hours, in the form": (
        long_day_in_the_form,
        422,
        (
            "Écrivez un temps entre une minute et 24 heures (1440 minutes)\u00a0: un jour n’en a pas plus.",
            "Write a time between one minute and 24 hours (1440 minutes): a day has no more.",
        ),
    ),
    "a picture, not a CV": (a_picture, 422, FILE),
    "a table that is no text": (a_table, 422, FILE),
    "a list, not a CV": (a_list, 422, FILE),
    "other JSON": (other_json, 422, FILE),
    "a CV cut short": (cut_short, 422, FILE),
    "a CV that says one thing twice": (same_name_twice, 422, FILE),
    "a CV changed on the way": (
        changed_on_the_way,
        422,
        ("Le fichier n’est pas arrivé entier.", "The file did not come through whole."),
    ),
    "a share with foaf:Agent": (shared_with(str(terms.FOAF_AGENT)), 422, EVERYBODY),
    "a share with acl:AuthenticatedAgent": (shared_with(str(terms.ACL_AUTHENTICATED_AGENT)), 422, EVERYBODY),
    "a share with acp:PublicAgent": (shared_with(str(terms.ACP_PUBLIC_AGENT)), 422, EVERYBODY),
    "a share with oneself": (shared_with(lambda scene: scene.bag.owner), 422, ONESELF),
    "a share with oneself, written otherwise": (
        shared_with(lambda scene: scene.bag.owner.replace("https://pod", "https://POD")),
        422,
        ONESELF,
    ),
    "a share with nobody": (shared_with("https://pod.example/nobody/profile/card#me"), 422, NOBODY),
    "a share with a page": (shared_with(lambda scene: scene.bag.layout.activities), 422, NOBODY),
    "a share with who cannot sign in": (
        shared_with(lambda scene: scene.organisation.webid + "-not"),
        422,
        refused("personne ne peut se connecter avec elle", "nobody can sign in with it"),
    ),
    "a preview confirmed for foaf:Agent": (confirmed_with(lambda _: str(terms.FOAF_AGENT)), 422, EVERYBODY),
    "a preview confirmed for acl:AuthenticatedAgent": (
        confirmed_with(lambda _: str(terms.ACL_AUTHENTICATED_AGENT)),
        422,
        EVERYBODY,
    ),
    "a preview confirmed for acp:PublicAgent": (confirmed_with(lambda _: str(terms.ACP_PUBLIC_AGENT)), 422, EVERYBODY),
    "a preview confirmed for oneself": (confirmed_with(lambda scene: scene.bag.owner), 422, ONESELF),
}


@pytest.fixture
def scene(server: MemoryPod, full_bag: Bag, client_of: MakeClient, organisation: Person) -> Scene:
    return Scene(server, full_bag, client_of(Somebody(full_bag.pod, full_bag)), organisation)


def said(answer: TestResponse) -> str:
    """The page as one line, as it is read; spaces that do not break are left alone."""
    return re.sub(r"[ \n]+", " ", next(e.words for e in Page(answer.text).named("main")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_a_sentence_and_changes_nothing(scene: Scene, case: str, language: str) -> None:
    act, status, sentences = CASES[case]
    scene.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    answer = act(scene)
    assert answer.status_code == status
    shown, other = sentences if language == "fr" else sentences[::-1]
    assert shown in said(answer)
    assert other not in said(answer)
    assert answer.headers["Content-Language"] == language
    assert scene.stored() == scene.before


@pytest.mark.parametrize("case", [name for name, (_, status, _) in CASES.items() if status in {403, 502, 504, 507}])
def test_what_was_typed_survives_a_space_that_fails(scene: Scene, case: str) -> None:
    answer = CASES[case][0](scene)
    if answer.request.method != "POST":
        assert "Envoyer de nouveau" not in answer.text
        return
    form = next(e for e in Page(answer.text).named("form") if e.attributes.get("method") == "post" and e.inside("main"))
    assert form.attributes["action"] == answer.request.path
    assert "Ce que vous avez écrit est gardé dans cette page" in said(answer)


def test_what_was_kept_is_sent_again_once_the_space_answers(scene: Scene) -> None:
    answer = late_write(scene)
    scene.server.instead = lambda _request: None
    assert scene.browser.send(answer, "/time/").status_code == 303


def test_a_bag_that_cannot_be_read_is_not_called_empty(scene: Scene) -> None:
    answer = damaged_home(scene)
    assert "est vide" not in answer.text
    scene.damage(scene.bag.layout.time(TODAY.year))
    assert "Aucun temps noté" not in scene.browser.get("/time/").text


# --- a session that ends while somebody writes

FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "/activities/": (("title", "T"), ("sphere", CARE), ("startDate", "2019"), ("achievement", "A\r\nB"), ("mobilises", "x"), ("mobilises", "y")),
    "/activities/a-2/correct": (("title", "T"), ("seen", "abc"), ("description", "Une longue\r\n\r\nhistoire « vraie »")),
    "/activities/a-2/evidence": (("evidence-title", "T"), ("evidence-url", "https://proof.example/?a=1&b=2")),
    "/activities/a-2/delete": (),
    "/time/": (("line", "2 h 30 repair café <b>hier</b>"),),
    "/time/new": (("activity", "a"), ("minutes", "2 h"), ("on", "2026-03-12"), ("description", "D")),
    "/skills/": (("prefLabel", "Calmer une réunion"), ("level", str(terms.LEVEL_AUTONOMOUS)), ("used", "a-2"), ("used", "a-7")),
    "/skills/s-2/assess": (("level", str(terms.LEVEL_ADAPTING)), ("date", "2026-03-12"), ("description", "C")),
    "/shares/preview": (("activity", "a-2"), ("activity", "a-7"), ("recipient", "https://org.example/#it"), ("note", "N\r\nM")),
    "/shares/": (("recipient", "https://org.example/#it"), ("digest", "d"), ("share_id", "s"), ("issued", "i")),
    "/shares/some/revoke": (),
    "/import/write": (("name", "cv.json"), ("packed", "eJ" + "x" * 100_000)),
    "/setup": (("storage", "https://pod.example/demo/"),),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FORMS)
def test_a_session_that_ends_in_mid_form_keeps_every_word(
    server: MemoryPod, client_of: MakeClient, full_bag: Bag, path: str, language: str
) -> None:
    browser = client_of(None)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    before = Scene(server, full_bag, browser, Person("", "")).stored()
    sent: dict[str, list[str]] = {}
    for name, value in FORMS[path]:
        sent.setdefault(name, []).append(value)
    answer = browser.post(path, data=sent)
    assert answer.status_code == 401
    sentence = {
        "fr": "Votre session est terminée\u202f; ce que vous avez écrit est gardé",
        "en": "what you typed is kept",
    }[language]
    assert sentence in said(answer)
    page = Page(answer.text)
    form = next(e for e in page.named("form") if e.attributes["action"] == path)
    kept = [(e.attributes["name"], e.attributes["value"]) for e in form.children if e.name == "input"]
    assert sorted(kept) == sorted(FORMS[path])
    assert Scene(server, full_bag, browser, Person("", "")).stored() == before


# --- a file of 100 MB

LARGE = 100 * 1024 * 1024
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="cv.json"\r\n\r\n'
TOO_LARGE = {
    "fr": "Ce fichier est trop grand pour cette page.",
    "en": "This file is too large for this page.",
}


SIGN_IN = {
    "fr": "ce que vous avez écrit est gardé",
    "en": "what you typed is kept",
}


class Endless(io.RawIOBase):
    """As many bytes as one wants to read, and how many were."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.taken += len(buffer)
        return len(buffer)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("announced", [True, False])
def test_a_file_of_100_mb_is_refused_unread(scene: Scene, language: str, announced: bool) -> None:
    body = Endless()
    answer = scene.browser.post(
        "/import/",
        content_type="multipart/form-data; boundary=x",
        headers={"Accept-Language": language},
        environ_overrides={"wsgi.input": body}
        | ({"CONTENT_LENGTH": str(LARGE)} if announced else {"wsgi.input_terminated": True}),
    )
    assert answer.status_code == 413
    assert TOO_LARGE[language] in said(answer)
    assert body.taken <= 11 * 1024 * 1024
    assert scene.stored() == scene.before


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """`musette serve` itself, in a process of its own: its port and its process number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder = tmp_path_factory.mktemp("served")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("MUSETTE_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from musette_solid.start import main; main()", "serve", "--port", str(port)],
        env=environ | {"MUSETTE_DATA": str(folder)},
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def send_large(port: int, size: int, language: str) -> tuple[int, str]:
    """As a browser sends a file: piece after piece, and the answer read even when the sending is cut short."""
    connection = HTTPConnection("localhost", port, timeout=60)
    connection.putrequest("POST", "/import/")
    for name, value in {
        "Origin": f"http://localhost:{port}",
        "Accept-Language": language,
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(len(HEAD) + size),
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    piece = b" " * (1024 * 1024)
    try:
        connection.send(HEAD)
        for _ in range(size // len(piece)):
            connection.send(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass
    try:
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def peak_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("the memory of another process is only looked at on Linux")
    return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_of_100_mb_gets_its_sentence_from_the_real_server(served: tuple[int, int], language: str) -> None:
    port, pid = served
    send_large(port, 1024 * 1024, language)  # whatever is loaded at the first request
    before = peak_kib(pid)
    status, text = send_large(port, LARGE, language)
    # Nobody is signed in here: that is what has to be said first, and the words beside the file are looked for.
    assert status == 401
    assert SIGN_IN[language] in unescape(text)
    assert peak_kib(pid) - before < 16 * 1024


def test_more_than_the_real_server_receives_is_cut_at_once(served: tuple[int, int]) -> None:
    port, pid = served
    before = peak_kib(pid)
    try:
        status, _ = send_large(port, 1024 * 1024 * 1024, "fr")
    except OSError:  # cut while we were still sending
        status = 413
    assert status == 413
    assert peak_kib(pid) - before < 16 * 1024
