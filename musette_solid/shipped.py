"""Where the files that are not Python live: vocab/, shapes/ and web/, in the wheel or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_WHEEL = _PACKAGE / "_shipped"
ROOT = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent

VOCAB = ROOT / "vocab"
SHAPES = ROOT / "shapes"
WEB = ROOT / "web"
