"""What a page carries to the next step, because we keep nothing: compressed, and signed for one person so that it comes back as it was."""

import base64
import binascii
import hmac
import zlib
from hashlib import sha256

from flask import current_app

from musette_solid.errors import N_, MusetteError

LARGEST = 64 * 1024 * 1024
#: Signs, of all that one page carries: a form brings four megabytes at most.
MOST = 3_500_000


class NotCarried(MusetteError):
    what = N_("The file did not come through whole.")
    do = N_("Nothing was written. Choose it once more.")


class TooLargeToCarry(MusetteError):
    what = N_("This file holds more than a page can carry from one step to the next.")
    do = N_("Choose a part of it, or use the command line: “musette import”. Nothing was written.")


def pack(data: bytes, key: bytes, owner: str, most: int | None = None) -> str:
    """`most`: signs, as many as a page carries unless it is said. Raises TooLargeToCarry."""
    packed = zlib.compress(data, 9)
    text = base64.urlsafe_b64encode(_mark(packed, key, owner) + packed).decode()
    if len(text) > (MOST if most is None else most):
        raise TooLargeToCarry
    return text


def unpack(text: str, key: bytes, owner: str) -> bytes:
    """What was packed for this very person. Raises NotCarried for anything else."""
    try:
        whole = base64.urlsafe_b64decode(text.encode())
        mark, packed = whole[:32], whole[32:]
        # Before it is opened: nobody but us can make it open to more than we packed.
        if not hmac.compare_digest(mark, _mark(packed, key, owner)):
            raise NotCarried
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, LARGEST)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise NotCarried from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise NotCarried
    return data


def is_ours(text: str, key: bytes, owner: str) -> bool:
    """Whether it was packed for this very person; it is not opened."""
    try:
        whole = base64.urlsafe_b64decode(text.encode())
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(whole[:32], _mark(whole[32:], key, owner))


def _mark(packed: bytes, key: bytes, owner: str) -> bytes:
    return hmac.digest(key, owner.encode() + b"\0" + packed, sha256)


def key() -> bytes:
    """What this installation signs with."""
    secret = current_app.config["SECRET_KEY"]
    return secret if isinstance(secret, bytes) else str(secret).encode()
