"""Rich text of other applications as plain text: what was a list stays one, what was a script is gone."""

import html
from html.parser import HTMLParser
from typing import Final

_BREAKS: Final = frozenset({"p", "br", "div", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "table", "blockquote"})
_UNSAID: Final = frozenset({"script", "style", "head", "template", "iframe", "object"})
_MOST: Final = 200_000


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unsaid = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSAID:
            self._unsaid += 1
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSAID:
            self._unsaid = max(0, self._unsaid - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unsaid:
            self.parts.append(" ".join(data.split()) if data.strip() else " ")
            if data[-1:].isspace():
                self.parts.append(" ")


def plain(text: str) -> str:
    """The words of a text that may be HTML, also HTML that was escaped once more than it should."""
    if "<" not in text and "&" not in text:
        return text.strip()
    text = text[:_MOST]
    if "<" not in text and "&lt;" in text:
        text = html.unescape(text)
    reading = _Reading()
    reading.feed(text)
    reading.close()
    lines = [" ".join(line.split()) for line in "".join(reading.parts).splitlines()]
    return "\n".join(line for line in lines if line and line != "-")
