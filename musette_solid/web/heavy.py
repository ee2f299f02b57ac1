"""A form whose file weighs more than the form may bring: the file is passed over, the words beside it are read.

The server has received it by then (on the disk, up to its own limit): what somebody typed is not thrown away with the file.
"""

import io
from typing import Any, Final

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import get_input_stream

#: What the server receives at most (web/serving.py); more was never here whole.
_MOST_LOOKED_THROUGH: Final = 128 * 1024 * 1024


def is_too_heavy() -> bool:
    """Whether the form under way announces more than it may bring. Nothing is read for that."""
    most = request.max_content_length
    is_form = request.mimetype == "multipart/form-data"
    return is_form and most is not None and (request.content_length or 0) > most


def can_be_looked_through() -> bool:
    return (request.content_length or 0) <= _MOST_LOOKED_THROUGH


def words() -> MultiDict[str, str]:
    """What stands beside a file that is too heavy; nothing when it is more than can be looked through.

    To be asked once, instead of `request.form`.
    """
    if not is_too_heavy() or not can_be_looked_through():
        return MultiDict()
    parser = FormDataParser(
        stream_factory=lambda *_, **__: _Nowhere(),
        max_form_memory_size=request.max_form_memory_size,
        max_form_parts=request.max_form_parts,
    )
    stream = get_input_stream(request.environ)
    _, form, _ = parser.parse(stream, request.mimetype, request.content_length, request.mimetype_params)
    return form


class _Nowhere(io.BytesIO):
    """Takes everything and keeps nothing."""

    def write(self, data: Any, /) -> int:
        return len(data)
