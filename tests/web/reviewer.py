"""A test client that reviews every page it fetches: a page that leaves somebody out fails the test that met it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, BinaryIO, TypeAlias

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
CONTROLS = frozenset({"input", "select", "textarea"})
#: Words of the machinery, which nobody should need in order to decide something.
JARGON = re.compile(r"\b(pods?|WebID|ACLs?|WAC|RDF|triples?|ETag)\b", re.IGNORECASE)
#: Where these words may be read: the hint of the sign-in page, and pages for people who write software.
TECHNICAL = ("/signin", "/ns", "/shapes/", "/style")

#: What somebody enters in a field: a text, several, or a file.
Entered: TypeAlias = str | list[str] | tuple[BinaryIO, str]


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    text: str = ""
    words: str = ""  # the same, with a space between two elements
    children: list["Element"] = field(default_factory=list)

    def inside(self, *names: str) -> bool:
        return self.name in names or (self.parent is not None and self.parent.inside(*names))


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Element("root", {})
        self.all: list[Element] = []
        self.faults: list[str] = []
        self.feed(html)
        if self._open is not self.root:
            self.faults.append(f"<{self._open.name}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        self.all.append(element)
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open.name != tag:
            self.faults.append(f"</{tag}> closes <{self._open.name}>")
        elif self._open.parent is not None:
            self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        element: Element | None = self._open
        while element is not None:
            element.text += data
            element.words += f" {data}"
            element = element.parent

    def named(self, *names: str) -> list[Element]:
        return [element for element in self.all if element.name in names]

    def first(self, name: str) -> Element | None:
        return next(iter(self.named(name)), None)


def faults_of(page: Page, path: str) -> list[str]:
    return [
        *page.faults,
        *_of_structure(page),
        *_of_controls(page),
        *_of_references(page),
        *_of_script(page),
        *_of_words(page, path),
    ]


def _of_structure(page: Page) -> list[str]:
    found = []
    html, heads, title = page.first("html"), page.named("h1"), page.first("title")
    if html is None or html.attributes.get("lang") not in {"fr", "en"}:
        found.append("the page does not say its language")
    if len(heads) != 1:
        found.append(f"{len(heads)} h1")
    elif not title or not _one_line(title.text).startswith(_one_line(heads[0].text)):
        found.append("the title does not begin with the h1")
    elif not _one_line(heads[0].text):
        found.append("the h1 is empty")
    levels = [int(e.name[1]) for e in page.all if re.fullmatch("h[1-6]", e.name)]
    found += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    if page.first("main") is None:
        found.append("no main")
    found += [f"<{e.name}> without alt" for e in page.named("img") if "alt" not in e.attributes]
    found += [
        f"<{e.name}> says nothing: {e.attributes}"
        for e in page.named("a", "button")
        if not e.text.strip() and not e.attributes.get("aria-label")
    ]
    found += ["a table without headers" for e in page.named("table") if not any(c.name == "th" for c in _below(e))]
    return found


def _below(element: Element) -> list[Element]:
    return [inner for child in element.children for inner in (child, *_below(child))]


def _of_controls(page: Page) -> list[str]:
    labelled = {e.attributes.get("for") for e in page.named("label")}
    found = []
    for control in page.named(*CONTROLS):
        if control.attributes.get("type") in {"hidden", "submit"}:
            continue
        has_label = control.attributes.get("id") in labelled or control.inside("label")
        if not has_label and not control.attributes.get("aria-label"):
            found.append(f"no label for {control.attributes}")
    return found


def _of_references(page: Page) -> list[str]:
    ids = [e.attributes["id"] for e in page.all if "id" in e.attributes]
    found = [f"the id {name} is there twice" for name in {name for name in ids if ids.count(name) > 1}]
    for element in page.all:
        for attribute in ("for", "aria-describedby", "aria-labelledby", "list"):
            wanted = element.attributes.get(attribute, "").split()
            found += [f"{attribute} points at nothing: {name}" for name in wanted if name not in ids]
        target = element.attributes.get("href", "")
        if element.name == "a" and target.startswith("#") and target[1:] not in ids:
            found.append(f"a link to nothing: {target}")
    return found


def _of_script(page: Page) -> list[str]:
    found = []
    for element in page.all:
        if element.name == "style" or (element.name == "script" and "src" not in element.attributes):
            found.append(f"inline <{element.name}>")
        found += [f"inline {name}" for name in element.attributes if name == "style" or name.startswith("on")]
    return found


def _of_words(page: Page, path: str) -> list[str]:
    main = page.first("main")
    if main is None or path.startswith(TECHNICAL):
        return []
    aside = " ".join(e.words for e in _below(main) if e.name in {"code", "pre", "details", "dd", "input"})
    words = {word.lower() for word in JARGON.findall(main.words)}
    return [
        f"the word {word!r} where a person decides"
        for word in sorted(words)
        if main.words.lower().count(word) > aside.lower().count(word)
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


class Reviewer(FlaskClient):
    """Sends forms as a browser of this site does, and reviews what comes back."""

    base_url = "http://localhost:8000"
    who = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", self.base_url)
        kwargs["headers"] = {"X-Test-Who": self.who, **dict(kwargs.get("headers") or {})}
        if kwargs.get("method") == "POST":
            headers = kwargs["headers"]
            headers.setdefault("Origin", self.base_url)
            headers.setdefault("Sec-Fetch-Site", "same-origin")
            kwargs["headers"] = {name: value for name, value in headers.items() if value}
        response = super().open(*args, **kwargs)
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy
        assert "'unsafe" not in policy
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            found = faults_of(Page(response.text), response.request.path)
            if (
                "sandbox" in policy.split("; ")[-1]
            ):  # a page made for elsewhere: whole in itself, and nothing in it runs
                found = [fault for fault in found if fault not in {"inline <style>", "inline <script>"}]
            assert not found, f"{response.request.path}: {'; '.join(found)}"
        return response

    def page(self, path: str, **kwargs: Any) -> Page:
        response = self.get(path, **kwargs)
        assert response.status_code == 200, (path, response.status_code)
        return Page(response.text)

    def send(self, page: TestResponse, action: str, /, **changes: Entered) -> TestResponse:
        """Send the form of a page as it stands, with `changes`; None of a browser's script is needed."""
        return self.send_by(action, page, action, **changes)

    def send_by(self, address: str, page: TestResponse, action: str, /, **changes: Entered) -> TestResponse:
        """The same by a button that sends it elsewhere."""
        form = next(e for e in Page(page.text).named("form") if e.attributes.get("action") == action)
        values: dict[str, Any] = {}
        for control in _below(form):
            name = control.attributes.get("name", "")
            kind = control.attributes.get("type", "")
            is_ticked = kind not in {"checkbox", "radio"} or "checked" in control.attributes
            if control.name == "input" and name and is_ticked:
                values.setdefault(name, []).append(control.attributes.get("value", ""))
            elif control.name == "textarea":
                values.setdefault(name, []).append(control.text)
            elif control.name == "select":
                chosen = [o.attributes["value"] for o in _below(control) if "selected" in o.attributes]
                values.setdefault(name, []).extend(chosen)
        for name, value in changes.items():
            values[name] = [value] if isinstance(value, str) else value
        return self.post(address, data=values)
