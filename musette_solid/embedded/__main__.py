"""`python -m musette_solid.embedded`: install the pod server ahead of time."""

import sys

from musette_solid.embedded import server
from musette_solid.errors import MusetteError


def main() -> int:
    try:
        server.install(lambda sentence: print(sentence, file=sys.stderr))  # noqa: T201  (a command speaks)
    except MusetteError as error:
        print(*error.sentences(), file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
