"""ESCO asked online from the pages: on a button, with what leaves said beside it, and a sentence when it is silent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from musette_solid.exchange import esco
from musette_solid.model.references.index import build
from musette_solid.model.references.shelf import Shelf
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.layout import Bag
from tests.model.references.esco_service import TREASURER, EscoService, running
from tests.model.references.registers import ESCO_FILES, TODAY, E
from tests.web.conftest import MakeClient, Somebody
from tests.web.reviewer import Reviewer
from tests.web.test_skills import kept


class Beside:
    """The pod in memory, and beside it the real transport for everything else."""

    def __init__(self, pods: MemoryPod, outgoing: Outgoing) -> None:
        self._pods, self._outgoing = pods, outgoing

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        inside = request.url.startswith(self._pods.base)
        return (
            self._pods.send(request, limits or Limits()) if inside else self._outgoing.send(request, limits or Limits())
        )


@pytest.fixture
def service() -> Iterator[EscoService]:
    with running() as made:
        yield made


@pytest.fixture
def online(
    app: Flask, server: MemoryPod, full_bag: Bag, service: EscoService, client_of: MakeClient, tmp_path: Path
) -> Iterator[Reviewer]:
    build(tmp_path / "esco.sqlite", esco.read(ESCO_FILES), installed=TODAY).close()
    before = {name: app.extensions[name] for name in ("musette.shelf", "musette.esco")}
    app.extensions.update({"musette.shelf": Shelf(tmp_path), "musette.esco": service.address})
    pod = full_bag.pod
    pod.transport = Beside(server, Outgoing(frozenset({service.host})))
    yield client_of(Somebody(pod, full_bag))
    app.extensions.update(before)


def test_an_occupation_is_found_online_and_what_it_needs_is_asked(online: Reviewer, service: EscoService) -> None:
    page = online.get("/bridges/?q=trésorier d’association")
    assert "Vos mots partent chez localhost" in page.text
    assert service.asked == []  # looking at a page asks nobody
    assert 'formaction="/bridges/online"' in page.text
    found = online.post("/bridges/online", data={"q": "trésorier d’association"})
    assert TREASURER in found.text
    assert "This service uses the ESCO classification" in found.text
    before = online.get(f"/bridges/to?occupation={TREASURER}")
    assert "Demander à ESCO ce qu’il faut" in before.text
    assert online.send(before, "/bridges/learn", occupation=TREASURER).status_code == 303
    text = online.get(f"/bridges/to?occupation={TREASURER}").text
    for said in ("Ce qui manque", "Rendre des comptes à une assemblée", "Droit des associations", "This service uses"):
        assert said in text
    assert len(service.asked) == 2


def test_a_skill_is_found_online_and_put_in_the_bag(online: Reviewer, full_bag: Bag) -> None:
    page = online.get("/skills/find/?q=rendre des comptes")
    assert 'formaction="/skills/find/online"' in page.text
    found = online.post("/skills/find/online", data={"q": "rendre des comptes"})
    assert found.status_code == 200
    added = online.send(found, "/skills/find/add", concept=E + "skill/new", words="Présenter les comptes du club")
    assert added.status_code == 303
    assert kept(full_bag)["Présenter les comptes du club"].close == (E + "skill/new",)
    assert "rendre des comptes à une assemblée" in online.get(added.location).text


@pytest.mark.parametrize("path", ["/skills/find/", "/bridges/"])
def test_silence_is_a_sentence_and_what_is_here_goes_on(online: Reviewer, service: EscoService, path: str) -> None:
    service.mode = "ill"
    answer = online.post(f"{path}online", data={"q": "équipe"})
    assert answer.status_code == 502
    assert "n’a pas donné de réponse utilisable" in answer.text
    assert ("Travailler en équipe" in answer.text) == (path == "/skills/find/")
    assert 'value="équipe"' in answer.text


def test_silence_about_an_occupation_leaves_its_page(online: Reviewer, service: EscoService) -> None:
    here = f"{E}occupation/o1"
    page = online.get(f"/bridges/to?occupation={here}")
    service.mode = "html"
    answer = online.send(page, "/bridges/learn", occupation=here)
    assert (answer.status_code, "n’a pas donné de réponse utilisable" in answer.text) == (502, True)
    assert online.send(page, "/bridges/learn", occupation="https://w3id.org/musette/rome/code/M1").status_code == 404
    assert online.send(page, "/bridges/learn", occupation=TREASURER).status_code == 502


def test_where_it_is_switched_off_nothing_offers_it(online: Reviewer, app: Flask, service: EscoService) -> None:
    app.extensions["musette.esco"] = ""
    for path in ("/skills/find/?q=caisse", "/bridges/?q=régisseuse", f"/bridges/to?occupation={E}occupation/o1"):
        assert "en ligne" not in online.get(path).text.partition("<main")[2].partition("</main>")[0]
    answer = online.post("/bridges/online", data={"q": "caisse"})
    assert "n’est pas interrogé d’ici" in answer.text
    assert service.asked == []
