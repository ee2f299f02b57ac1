"""A use case makes one write, or its writes stand in one intent (docs/decisions/0106): more than one, and the reason is here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import musette_solid

_USECASES = Path(musette_solid.__file__).parent / "usecases"
_PODS = frozenset({"resources", "containers", "files", "access", "discovery"})
_WRITES = frozenset(
    [
        "create",
        "insert",
        "change",
        "put",
        "delete",
        "put_new",
        "remove",
        "make",
        "grant",
        "publish",
        "make_private",
        "invite",
        "open_inbox",
        "add_to_profile",
        "register",
    ]
)
#: All or nothing, or one document.
_WHOLE = frozenset({"carry_out", "marked"})
_INTENTS = frozenset({"carry_out", "under_way"})

_EITHER = "one way or the other, or once more where nobody knows whether it was done"
_GRANT = "the grant says what is under way: finished or taken back at the next sign-in (0040)"
_SAID = "its own document says what is under way: finished or taken back at the next sign-in (0055)"
_IMPORT = "an import is its own intent (0062)"
_DERIVED = "derived: made again from its sources at the next sign-in"
_ADVERT = "one document or an intent; where the address book is found is said after it, or at the next sign-in"
_SETTLES = "settles what was interrupted; doing it twice, or dying in it, changes nothing"
_EACH = "each share by itself, whole; none opens anything"
EXPLAINED = {
    "answer_request.catch_up": _EITHER,
    "assess_another.keep_assessments": "a letterbox elsewhere is in no intent of ours: its letter goes last, and is not kept twice",
    "documents.marked": _EITHER,
    "empty_letterbox._take_out": "a letter is put into the new letterbox before it leaves the old one; again, it is there already",
    "empty_letterbox.empty": "until nothing is left: doing it again goes on",
    "follow.follow": _DERIVED,
    "follow_method.confirm": _ADVERT,
    "import_file._take_in": _IMPORT,
    "import_file._write": _IMPORT,
    "import_file.take_in": _IMPORT,
    "import_file.undo": _EITHER,
    "import_record._settle": _SETTLES,
    "import_record.take_back": _SETTLES,
    "journal.correct_reflection": _EITHER,
    "keep.forget": _EITHER,
    "keep.look_after": "copies: made once a day of what has changed, and old ones deleted",
    "keep.restore": "what was damaged is kept beside the copies first: doing it again changes nothing of that",
    "know_person.know_person": _ADVERT,
    "leave.leave": "the bag's own document says that it goes, and is deleted last (0055)",
    "log_time.correct_entry": _EITHER,
    "opening._create_once": _EITHER,
    "opening._open": _EITHER,
    "opening.confirm": _GRANT,
    "opening.open_dossier": _GRANT,
    "open_to_all.open_to_all": "what is open already is changed in one write, and its rule stays what it was; the first time it is an intent",
    "pass_on.remove_tool": _EITHER,
    "pass_on_method.remove_method": _EITHER,
    "publish.follow": _DERIVED,
    "publish.open_to_everybody": _EITHER,
    "publish.publish": _SAID,
    "publish.settle": _SETTLES,
    "publish_calendar._follow": _DERIVED,
    "publish_calendar.look_after": _SETTLES,
    "publish_calendar.publish": _SAID,
    "publish_calendar.withdraw": _SAID,
    "recover._settle": _SETTLES,
    "recover.recover": _SETTLES,
    "renew_letterbox.finish": _SETTLES,
    "renew_letterbox.renew": "the bag says that it is under way, and signing in again finishes it",
    "renew.prolong": "two shares, each whole; what was renewed is closed by `expire`",
    "resume_import._resume": _IMPORT,
    "resume_import.resume": _IMPORT,
    "revoke._close": _GRANT,
    "revoke.expire": _EACH,
    "revoke.revoke": _GRANT,
    "revoke.take_back": _GRANT,
    "set_up.create": "the bag says that it is being made (0040)",
    "set_up.finish": _SETTLES,
    "show_in_profile.take_over": _EITHER,
    "table_mappings.save": _EITHER,
    "time_totals.refresh": _DERIVED,
    "unpublish.close": _SAID,
    "unpublish.withdraw": _SAID,
    "who_sees.revoke_all": _EACH,
}

Name = tuple[str, str]


def imported(tree: ast.Module) -> dict[str, Name]:
    """What a module imports from the room: (module, function), or ("usecases", module)."""
    return {
        alias.asname or alias.name: (node.module.rpartition(".")[2], alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("musette_solid.usecases")
        for alias in node.names
        if node.module
    }


def _functions() -> dict[Name, tuple[ast.FunctionDef, dict[str, Name]]]:
    """Every function of the room, with what is imported there from the room."""
    found: dict[Name, tuple[ast.FunctionDef, dict[str, Name]]] = {}
    for path in sorted(_USECASES.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        known = imported(tree)
        if path.stem != "intents":
            found |= {(path.stem, one.name): (one, known) for one in tree.body if isinstance(one, ast.FunctionDef)}
    return found


FUNCTIONS = _functions()


def _called(name: Name) -> Iterator[Name | None]:
    """What may write: None for a write itself, else one of our functions. All that stands in one intent is one write."""
    function, known = FUNCTIONS[name]
    intents = [
        block
        for block in ast.walk(function)
        if isinstance(block, ast.With) and any("under_way" in ast.unparse(item) for item in block.items)
    ]
    inside = {id(node) for block in intents for node in ast.walk(block)}
    yield from (None for _ in intents)
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or id(call) in inside:
            continue
        match call.func:
            case ast.Attribute(value=ast.Name(id=room), attr=verb) if room in _PODS and verb in _WRITES:
                yield None
            case ast.Attribute(value=ast.Name(id="intents"), attr=verb) if verb in _WHOLE:
                yield None
            case ast.Attribute(value=ast.Name(id=module), attr=verb) if (
                known.get(module, ("",))[-1],
                verb,
            ) in FUNCTIONS:
                yield known[module][-1], verb
            case ast.Name(id=verb) if verb in _WHOLE:
                yield None
            case ast.Name(id=verb) if (name[0], verb) in FUNCTIONS:
                yield name[0], verb
            case ast.Name(id=verb) if known.get(verb) in FUNCTIONS:
                yield known[verb]


def _writers() -> dict[Name, int]:
    """The functions that write, and how many of their calls do."""
    called = {name: list(_called(name)) for name in FUNCTIONS}
    found: set[Name] = set()
    while True:
        more = {name for name, calls in called.items() if any(one is None or one in found for one in calls)}
        if more == found:
            return {name: sum(one is None or one in found for one in called[name]) for name in found}
        found = more


def several_writes() -> set[str]:
    """The functions that make more than one write outside an intent."""
    return {".".join(name) for name, number in _writers().items() if number > 1}


def intents() -> set[str]:
    """The functions that change several documents as if they were one."""

    def is_intent(call: ast.AST) -> bool:
        return isinstance(call, ast.Call) and ast.unparse(call.func).removeprefix("intents.") in _INTENTS

    return {".".join(name) for name, (function, _) in FUNCTIONS.items() if any(map(is_intent, ast.walk(function)))}


def test_more_than_one_write_has_its_reason() -> None:
    several = several_writes()
    assert several - set(EXPLAINED) == set(), "one write, or an intent: usecases/intents.py"
    assert set(EXPLAINED) - several == set(), "not so any more"


def test_the_count_sees_writes() -> None:
    writers = _writers()
    assert writers["log_activity", "log_activity"] == 1
    assert writers["pass_on", "remove_tool"] == 2
    assert ("list_activities", "list_activities") not in writers
