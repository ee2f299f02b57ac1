"""Write a picture or a PDF again without what it says beside what it shows; run by `unmarked`, in a process of its own.

python -m musette_solid.exchange.unmarking TYPE FROM TO
"""

import importlib
import sys
from pathlib import Path
from typing import Final

import pikepdf
from PIL import Image, ImageOps

from musette_solid.exchange.media import PDF

MEMORY: Final = 2 * 1024 * 1024 * 1024
SECONDS: Final = 60
FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


def _picture(media_type: str, source: Path, target: Path) -> None:
    with Image.open(source, formats=[FORMATS[media_type]]) as opened:
        # Pictures lie on their side in the file, and only their metadata says so.
        shown = ImageOps.exif_transpose(opened)
        kept = {"icc_profile": profile} if (profile := opened.info.get("icc_profile")) else {}
        clean = Image.frombytes(shown.mode, shown.size, shown.tobytes())
        if shown.mode == "P" and (palette := shown.getpalette("RGB")):
            clean.putpalette(palette)
            if "transparency" in opened.info:
                kept["transparency"] = opened.info["transparency"]
        if media_type == "image/jpeg":
            clean.save(target, "JPEG", quality=92, **kept)
        else:
            clean.save(target, FORMATS[media_type], **kept)


def _pdf(source: Path, target: Path) -> None:
    with pikepdf.open(source) as document:
        del document.docinfo
        if "/Metadata" in document.Root:
            del document.Root.Metadata
        for page in document.pages:
            for name in ("/Metadata", "/PieceInfo"):
                if name in page.obj:
                    del page.obj[name]
        document.save(target)


def main() -> int:
    media_type, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if sys.platform != "win32":
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if media_type == PDF:
        _pdf(source, target)
    else:
        _picture(media_type, source, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
