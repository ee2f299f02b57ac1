"""Take out of a picture or a PDF what it says beside what it shows: where and with what it was made, by whom.

In a process of its own (`unmarking`), with its memory and its time bounded, as everything that reads what others made.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.media import PDF

_SECONDS: Final = 70
#: What can be cleaned; the rest is refused rather than kept as it is when that was asked for.
KINDS: Final = frozenset({"image/png", "image/jpeg", "image/webp", PDF})


class NotCleaned(MusetteError):
    what = N_("What this file says beside what it shows could not be taken out.")
    do = N_(
        "That is possible for JPEG, PNG and WebP pictures and for PDFs that are whole and without a password. Nothing was kept."
    )


def unmark(media_type: str, source: Path, target: Path) -> None:
    """Write `target` without the metadata of `source`. Raises NotCleaned."""
    if media_type not in KINDS:
        raise NotCleaned
    try:
        done = subprocess.run(  # noqa: S603  (our own program, our own names)
            [sys.executable, "-m", "musette_solid.exchange.unmarking", media_type, str(source), str(target)],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotCleaned from error
    if done.returncode != 0:
        raise NotCleaned
