"""Reading a letterbox that takes its time: the page says that it is being read, and shows what is in it when it is.

A letterbox is filled by others, and lies where a person chose: neither is a reason to keep somebody before a blank page.
"""

from collections.abc import Callable
from typing import TypeAlias

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from musette_solid.pod.session import Pod
from musette_solid.usecases import letters
from musette_solid.usecases.letters import Letter
from musette_solid.web import imports

#: Gives what was read, or raises what reading raised.
Read: TypeAlias = Callable[[], tuple[Letter, ...]]


def letters_of(pod: Pod, address: str) -> tuple[Read, ResponseReturnValue | None]:
    """What is in somebody's letterbox; or the page to show meanwhile. `address`: of the page that wants it."""
    works, owner = imports.works(), f"letters {pod.webid}"
    if imports.wants_data():  # the script on the page that waits
        going = works.latest(owner, take=False)
        return _nothing, imports.how_far(going) if going else {"ended": True}
    work = works.latest(owner) or works.begin(owner, "letters", "", lambda _work: letters.received(pod))
    if not work.ended.is_set():
        answer = make_response(render_template("pages/letterbox_waiting.html", work=work, address=address))
        answer.headers["Cache-Control"] = "no-store"
        return _nothing, answer

    def read() -> tuple[Letter, ...]:
        if work.error is not None:
            raise work.error
        found: tuple[Letter, ...] = work.result
        return found

    return read, None


def _nothing() -> tuple[Letter, ...]:
    return ()
