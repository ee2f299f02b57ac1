"""`python -m tests.reference`: docs/reference/pod-library.md, made from the docstrings and signatures of the pod room.

With `--check`: exit code 1 when the file is not what would be made now.
"""

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import musette_solid
from musette_solid import pod
from musette_solid.errors import MusetteError
from musette_solid.pod import errors

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "reference" / "pod-library.md"

#: What somebody who uses the library asks for, in the order of need. `rdf` is what it stands on.
PARTS = {
    "Who acts": ("pod.session", "pod.http", "pod.credentials", "pod.providers", "pod.oidc", "pod.solid_file"),
    "Whose, and where": ("pod.webid", "pod.discovery"),
    "Documents": ("pod.resources", "pod.reading", "pod.writing", "pod.changes", "pod.containers", "pod.files", "pod.capabilities", "rdf.syntax", "rdf.delta", "rdf.names", "rdf.questions"),
    "Who may do what": ("pod.access",),
    "Being told": ("pod.inbox", "pod.channels", "pod.notifications", "pod.cache"),
    "For tests": ("pod.memory",),
}  # fmt: skip

#: How it is done: no promise is made about these.
INSIDE = frozenset({
    "pod.acp", "pod.addresses", "pod.deadlines", "pod.dpop", "pod.errors", "pod.links", "pod.origins", "pod.patch", "pod.sockets", "pod.tokens", "pod.updates_via", "pod.wac",
})  # fmt: skip

_HEAD = """# The pod library: `musette_solid.pod`

*Made by `python -m tests.reference` from the docstrings; do not edit.*

A Solid client that needs nothing of the rest of the package, typed throughout (`py.typed`). Begin with the
[tutorial](../tutorials/a-document-from-python.md); for programs that run by themselves there is a [how-to](../how-to/scripts-and-bots.md).
Names with a leading underscore, and modules that are not here, may change without notice.
"""


def modules() -> frozenset[str]:
    """Every module of the pod room, as `pod.NAME`."""
    return frozenset(f"pod.{module.name}" for module in pkgutil.iter_modules(pod.__path__))


def text() -> str:
    known = modules()
    parts = []
    for title, names in PARTS.items():
        parts.append(f"## {title}\n")
        parts += [_module(name) for name in names if name in known or name.startswith("rdf.")]
    return "\n".join([_HEAD, *parts, _errors()]).rstrip() + "\n"


def _module(name: str) -> str:
    module = importlib.import_module(f"musette_solid.{name}")
    path = Path(inspect.getfile(module))
    tree = ast.parse(path.read_text("utf-8"))
    lines = [f"### `{name}`\n", _paragraphs(ast.get_docstring(tree)), ""]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            lines += _function(node)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            lines += _class(node, issubclass(getattr(module, node.name), MusetteError))
    return "\n".join(lines)


def _function(node: ast.FunctionDef) -> list[str]:
    return [f"**`{node.name}{_signature(node)}`**\n", _paragraphs(ast.get_docstring(node)), ""]


def _class(node: ast.ClassDef, is_error: bool) -> list[str]:
    if is_error:  # in the tree at the end
        return []
    said = _paragraphs(ast.get_docstring(node))
    lines = [f"**class `{node.name}`**\n", *([said, ""] if said else [])]
    for item in _members(node):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            default = f" = {ast.unparse(item.value)}" if item.value and "field(" not in ast.unparse(item.value) else ""
            lines.append(f"* `{item.target.id}: {ast.unparse(item.annotation)}{default}`")
        elif isinstance(item, ast.FunctionDef):
            is_property = any(ast.unparse(d) == "property" for d in item.decorator_list)
            said = _first(ast.get_docstring(item))
            returns = f": {ast.unparse(item.returns)}" if item.returns else ""
            shown = item.name + returns if is_property else item.name + _signature(item)
            lines.append(f"* `{shown}`{' — ' + said if said else ''}")
    return [*lines, ""]


def _members(node: ast.ClassDef) -> Iterator[ast.stmt]:
    for item in node.body:
        name = getattr(item, "name", None) or getattr(getattr(item, "target", None), "id", "")
        if name == "__init__" or (name and not name.startswith("_")):
            yield item


def _signature(node: ast.FunctionDef) -> str:
    arguments = ast.unparse(node.args)
    for owner in ("self, ", "cls, "):
        arguments = arguments.removeprefix(owner)
    arguments = "" if arguments in {"self", "cls"} else arguments
    return f"({arguments})" + (f" -> {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else "")


def _paragraphs(docstring: str | None) -> str:
    return (docstring or "").strip()


def _first(docstring: str | None) -> str:
    return " ".join((docstring or "").strip().partition("\n\n")[0].split())


def _errors() -> str:
    """The tree of what is raised, with the two sentences that each says."""
    lines = [
        "## What is raised\n",
        "Every error says what happened and what to do next, in two sentences (`error.sentences(translate)`), and carries what is",
        "known in `error.details`. Those of a pod have `url` and `status`. Nothing else is raised on purpose: an HTTP status that",
        "nobody foresaw is a `PodError` itself, and `pod.together` raises the first error of its tasks.\n",
    ]
    for depth, kind in _tree(MusetteError, 0):
        sentences = kind.what + " " + kind.do
        where = f" (`{kind.__module__.removeprefix('musette_solid.')}`)" if kind.__module__ != errors.__name__ else ""
        lines.append(f"{'  ' * depth}* `{kind.__name__}`{where}: {sentences}")
    return "\n".join(lines)


def _tree(kind: type[MusetteError], depth: int) -> Iterator[tuple[int, type[MusetteError]]]:
    yield depth, kind
    for below in sorted(kind.__subclasses__(), key=lambda one: one.__name__):
        if below.__module__.startswith(("musette_solid.pod.", "musette_solid.rdf.")):
            yield from _tree(below, depth + 1)


def main(arguments: list[str]) -> int:
    for name in sorted(modules()):
        importlib.import_module(f"{musette_solid.__name__}.{name}")
    made = text()
    if "--check" in arguments:
        return int(not DOCUMENT.is_file() or DOCUMENT.read_text("utf-8") != made)
    DOCUMENT.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
