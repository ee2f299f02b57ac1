"""XML as trees of plain dictionaries: no document type, no entity, no reference to anything outside (defusedxml)."""

from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from musette_solid.errors import N_
from musette_solid.exchange.errors import UnreadableFile

LARGEST: Final = 20 * 1024 * 1024
_MOST: Final = 200_000
_DEEPEST: Final = 64

_NOT_XML: Final = N_("XML that is whole: each element closed")
_UNSAFE: Final = N_("XML without a document type or entities of its own")
_TOO_MUCH: Final = N_("XML of at most 20 MB, 200000 elements and 64 levels")


def parse(data: bytes, file: str = "") -> Element:
    """The root element. Raises UnreadableFile."""
    if len(data) > LARGEST:
        raise UnreadableFile(file=file, expected=_TOO_MUCH)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableFile(file=file, expected=_UNSAFE, row=1, column=1) from error
    except ParseError as error:
        row, column = error.position
        raise UnreadableFile(file=file, expected=_NOT_XML, row=row, column=column + 1) from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise UnreadableFile(file=file, expected=_NOT_XML, row=1, column=1) from error
    stack, seen = [(root, 1)], 0
    while stack:
        element, depth = stack.pop()
        seen += 1
        if seen > _MOST or depth > _DEEPEST:
            raise UnreadableFile(file=file, expected=_TOO_MUCH)
        stack.extend((child, depth + 1) for child in element)
    return root


def local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def text(element: Element | None, *path: str) -> str:
    """What the first element at `path` (local names) says."""
    found = at(element, *path)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def raw(element: Element | None, *path: str) -> str:
    found = at(element, *path)
    return "".join(found.itertext()).strip() if found is not None else ""


def at(element: Element | None, *path: str) -> Element | None:
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if local(child) == name), None)
    return element


def every(element: Element | None, name: str) -> list[Element]:
    return [child for child in element if local(child) == name] if element is not None else []


def tree(element: Element) -> Any:
    """The element as JSON would say it: `XList` of `X` is a list under `X`, attributes are members, text alone is text."""
    children = list(element)
    if not children and not element.attrib:
        return (element.text or "").strip()
    found: dict[str, Any] = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    for child in children:
        name = local(child)
        if name.endswith("List") and all(local(one) == name[:-4] for one in child):
            found.setdefault(name[:-4], []).extend(tree(one) for one in child)
        elif name in found:
            if not isinstance(found[name], list):
                found[name] = [found[name]]
            found[name].append(tree(child))
        else:
            found[name] = tree(child)
    return found
