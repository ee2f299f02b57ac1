"""What pages leave behind is cleared away between them, a little at a time.

A template's macros and their context refer to each other, so that a page leaves some hundred objects that only Python's
collector finds. Left to itself it looks when fifty thousand have come together (`settle` in start.py), and holds everybody
up for thirty milliseconds; a tenth of that, after a page, nobody feels.
"""

import gc

from flask import Flask, Response

#: Some ten pages' worth.
SOME = 4_000


def install(app: Flask) -> None:
    @app.after_request
    def clear(response: Response) -> Response:
        response.call_on_close(clear_away)
        return response


def clear_away() -> None:
    """Only the youngest: what is older has been found to be in use."""
    if gc.isenabled() and gc.get_count()[0] > SOME:
        gc.collect(0)
