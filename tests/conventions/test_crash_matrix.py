"""The crash matrix leaves nothing out: whatever writes more than once is gone through by one of its operations, or the reason is here."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conventions.test_one_write import FUNCTIONS, Name, imported, intents, several_writes
from tests.faults import operations

_DERIVED = "derived, made again from its sources"
LEFT_OUT = {
    "keep.look_after": _DERIVED,
    "table_mappings.save": "a convenience: what is lost is asked again",
    "time_totals.refresh": _DERIVED,
}
#: What signing in again goes through, after any of them.
SETTLES: Name = ("recover", "recover")

_TREE = ast.parse(Path(operations.__file__).read_text("utf-8"))
_LOCAL = {one.name: one for one in _TREE.body if isinstance(one, ast.FunctionDef)}


def _named(node: ast.AST, module: str, known: dict[str, Name]) -> Iterator[Name]:
    """The functions of the room that are named somewhere in a piece of code of `module`."""
    for one in ast.walk(node):
        match one:
            case ast.Attribute(value=ast.Name(id=room), attr=verb) if room in known:
                yield known[room][-1], verb
            case ast.Name(id=verb):
                yield known.get(verb, (module, verb))


def _interrupted() -> set[Name]:
    """What operations do while they are interrupted, and are told after it: not what they prepare."""
    waiting: list[ast.AST] = []
    for call in ast.walk(_TREE):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Operation":
            waiting += [*call.args[2:], *(one.value for one in call.keywords if one.arg in {"word", "taken_back"})]
    found: set[Name] = set()
    known, local = imported(_TREE), set()
    while waiting:
        for name in _named(waiting.pop(), "", known):
            if name[0] == "" and name[1] in _LOCAL and name[1] not in local:
                local.add(name[1])
                waiting.append(_LOCAL[name[1]])
            found.add(name)
    return found & FUNCTIONS.keys()


def _gone_through() -> set[Name]:
    waiting, found = [*_interrupted(), SETTLES], set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            function, known = FUNCTIONS[name]
            waiting += [one for one in _named(function, name[0], known) if one in FUNCTIONS]
    return found


def test_what_writes_more_than_once_is_in_the_crash_matrix() -> None:
    wanted = several_writes() | intents()
    there = {".".join(name) for name in _gone_through()}
    assert sorted(wanted - there - set(LEFT_OUT)) == [], "an operation of tests/faults/operations.py, or a reason here"
    assert sorted(set(LEFT_OUT) - wanted) == [], "not so any more"


def test_what_is_only_prepared_is_not_counted() -> None:
    there = _gone_through()
    assert ("pass_on_method", "remove_method") in there
    assert ("bring_method", "keep_method") not in there
