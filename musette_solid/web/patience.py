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
from musette_solid.web.under_way import how_far, wants_data, works

#: Gives what was read, or raises what reading raised.
Read: TypeAlias = Callable[[], tuple[Letter, ...]]


def letters_of(pod: Pod, address: str) -> tuple[Read, ResponseReturnValue | None]:
    """What is in somebody's letterbox; or the page to show meanwhile. `address`: of the page that wants it."""
    at_work, owner = works(), f"letters {pod.webid}"
    if wants_data():  # the script on the page that waits
        going = at_work.latest(owner, take=False)
        return _nothing, how_far(going) if going else {"ended": True}
    work = at_work.latest(owner) or at_work.begin(owner, "letters", "", lambda _work: letters.received(pod))
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
