"""A page that costs nothing, served as the application is: what `fifty_people` asks for beside each page of ours.

How long it takes is what the machine and who measures take under the same load, not what the application adds. A process of its
own: `python -m tests.bench.trivial_page PORT`, until its input ends.
"""

import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from waitress.server import create_server

#: As long as an ordinary page of ours.
_PAGE = b"<!doctype html><title>Trivial</title>" + b" " * 20_000


def trivial(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(_PAGE)))])
    return [_PAGE]


def main() -> None:
    server = create_server(trivial, host="127.0.0.1", port=int(sys.argv[1]), threads=16, ident=None)
    threading.Thread(target=server.run, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.close()


if __name__ == "__main__":
    main()
