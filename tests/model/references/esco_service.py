"""ESCO's web service as it answers (shape of version 1.2.0), on loopback, with a small register of our own sentences."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.model.references.registers import E

API = "https://ec.europa.eu/esco/api"
TREASURER = f"{E}occupation/online-1"
COACH = f"{E}occupation/online-2"
TYPE = f"{E}skill-type/"


def link(kind: str, iri: str, title: str, skill_type: str = "") -> dict[str, str]:
    said = {"href": f"{API}/resource/{kind}?uri={iri}&language=fr", "uri": iri, "title": title}
    return {**said, "skillType": TYPE + skill_type} if skill_type else said


OCCUPATION: dict[str, Any] = {
    "className": "Occupation",
    "classId": "http://data.europa.eu/esco/model#Occupation",
    "uri": TREASURER,
    "title": "trésorier d’association/trésorière d’association",
    "code": "2411.9",
    "status": "released",
    "preferredLabel": {
        "de": "Kassenwart",
        "en": "association treasurer",
        "fr": "trésorier d’association/trésorière d’association",
    },
    "alternativeLabel": {"fr": ["gardien de la caisse commune"], "en": ["keeper of the common purse"]},
    "description": {
        "fr": {"literal": "Les trésoriers tiennent les comptes d’une association.", "mimetype": "plain/text"}
    },
    "_links": {
        "self": link("occupation", TREASURER, "trésorier d’association/trésorière d’association"),
        "broaderIscoGroup": [{"href": API, "uri": f"{E}isco/C2411", "title": "Cadres comptables", "code": "2411"}],
        "hasEssentialSkill": [
            link("skill", f"{E}skill/s6", "gérer la trésorerie", "skill"),
            link("skill", f"{E}skill/s2", "travailler en équipe", "skill"),
            link("skill", f"{E}skill/new", "rendre des comptes à une assemblée", "skill"),
        ],
        "hasOptionalSkill": [link("skill", f"{E}skill/law", "droit des associations", "knowledge")],
    },
}


def search_of(kind: str) -> dict[str, Any]:
    results = (
        [link("occupation", TREASURER, OCCUPATION["title"]), link("occupation", COACH, "entraîneur/entraîneuse")]
        if kind == "occupation"
        else [link("skill", f"{E}skill/new", "rendre des comptes à une assemblée")]
    )
    results = [{"className": kind.capitalize(), "searchHit": one["title"], **one} for one in results]
    return {
        "total": len(results),
        "limit": 12,
        "offset": 0,
        "language": "fr",
        "_embedded": {"results": results},
        "_links": {},
    }


class EscoService:
    """`mode`: well, cut, html, other, gone, ill."""

    def __init__(self) -> None:
        service = self
        self.mode = "well"
        self.versions = {"v1.2.0"}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                service.asked.append(self.path)
                service.headers.append(dict(self.headers))
                status, body, kind = service.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def host(self) -> str:
        return f"localhost:{self.server.server_port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}/esco/api"

    def answer(self, path: str) -> tuple[int, bytes, str]:
        parts = urlsplit(path)
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        hal = "application/hal+json;charset=UTF-8"
        version = said.get("selectedVersion")
        if version is not None and version not in self.versions:
            return self._refusal(400, "Illegal/Unknown version parameter values")
        match self.mode:
            case "html":
                return 200, b"<!doctype html><title>Maintenance</title>", "text/html"
            case "ill":
                return 500, b"", hal
            case "cut":
                return 200, json.dumps(OCCUPATION).encode()[:200], hal
        if parts.path == "/esco/api/search":
            return 200, json.dumps(search_of(said["type"])).encode(), hal
        if parts.path != "/esco/api/resource/occupation":
            return self._refusal(400, "Illegal/Unknown type parameter values")
        if self.mode == "gone" or said["uri"] not in {TREASURER, COACH}:
            return self._refusal(404, "not found")
        if self.mode == "other":
            return 200, json.dumps({**OCCUPATION, "uri": COACH}).encode(), hal
        return 200, json.dumps({**OCCUPATION, "uri": said["uri"]}).encode(), hal

    @staticmethod
    def _refusal(status: int, message: str) -> tuple[int, bytes, str]:
        said = {"logref": "BadInputException", "status": status, "message": message, "_links": None}
        return status, json.dumps(said).encode(), "application/json;charset=UTF-8"


@contextmanager
def running() -> Iterator[EscoService]:
    made = EscoService()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
