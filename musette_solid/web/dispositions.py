"""What a browser is to do with a file, and what it is called there: RFC 6266, in any alphabet."""

from typing import Literal as OneOf
from urllib.parse import quote

from werkzeug.datastructures import Headers


def offer(headers: Headers, how: OneOf["inline", "attachment"], filename: str) -> None:
    """A name beyond ASCII is said twice: for old browsers without its accents, and as it is."""
    plain = filename.encode("ascii", "replace").decode().replace("?", "_")
    if plain == filename:
        headers.set("Content-Disposition", how, filename=filename)
    else:
        headers.set("Content-Disposition", how, filename=plain, **{"filename*": f"UTF-8''{quote(filename, safe='')}"})
