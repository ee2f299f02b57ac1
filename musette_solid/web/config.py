"""What the web application is told at its start. Every variable is described in docs/reference/environment.md."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from musette_solid.errors import N_, MusetteError
from musette_solid.usecases import ask_esco, install_reference


class NotConfigured(MusetteError):
    what = N_("The setting %(variable)s cannot be used: %(reason)s.")
    do = N_("Correct it (docs/reference/environment.md says what it may be) and start again.")


@dataclass(frozen=True)
class Config:
    """`base_url` has no final slash. `allowed_hosts` are `host:port` that the outgoing guard lets us reach over http."""

    base_url: str
    data: Path
    allowed_hosts: frozenset[str] = frozenset()
    providers: tuple[tuple[str, str], ...] = ()
    redis_url: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    timezone: str = "Europe/Paris"
    probe: Path | None = None  # credentials of an agent with no rights, which proves each share
    references: Path | None = None  # where registers of skills are installed; None: a folder in `data`
    esco_service: str = ""  # where ESCO is asked when somebody says so; empty: nowhere

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Raises NotConfigured, naming the variable."""
        base_url = environ.get("MUSETTE_BASE_URL", "http://localhost:8000").rstrip("/")
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
            raise NotConfigured(variable="MUSETTE_BASE_URL", reason=N_("it must look like https://musette.example"))
        return cls(
            base_url=base_url,
            data=Path(environ.get("MUSETTE_DATA", ".musette")),
            allowed_hosts=allowed_hosts(environ),
            providers=_providers(environ.get("MUSETTE_PROVIDERS", "")),
            redis_url=environ.get("MUSETTE_REDIS_URL") or None,
            trusted_hosts=tuple(_words(environ.get("MUSETTE_TRUSTED_HOSTS", ""))),
            timezone=_timezone(environ.get("MUSETTE_TIMEZONE", "Europe/Paris")),
            probe=Path(environ["MUSETTE_PROBE"]) if environ.get("MUSETTE_PROBE") else None,
            references=install_reference.folder(environ),
            esco_service=_service(ask_esco.service(environ)),
        )

    @property
    def is_secure(self) -> bool:
        """Whether people reach us over https: then cookies are `Secure` and bound to this host by their name."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"

    def cookie(self, name: str) -> str:
        """`__Host-` keeps a neighbour under the same domain from setting it; browsers take it over https only."""
        return f"__Host-{name}" if self.is_secure else name

    def key(self, name: str) -> bytes:
        """Secret bytes kept at `{data}/keys/{name}`, made on first use, readable by the owner only."""
        folder = self.data / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / name
        if not path.exists():
            # Whole, or not there: another worker that starts now must never read half a key.
            new = folder / f"{name}.{secrets.token_hex(4)}.new"
            handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(32))
            with suppress(FileExistsError):
                os.link(new, path)
            new.unlink()
        return path.read_bytes()

    def keys(self, name: str) -> tuple[bytes, ...]:
        """The key that seals, then the others that open: the one that comes next (`{name}.next`) and the one before (`.old`).

        Every instance knows the next key before any of them seals with it, so a key is replaced without signing anybody out.
        """
        others = (self.data / "keys" / f"{name}.{which}" for which in ("next", "old"))
        return (self.key(name), *(path.read_bytes() for path in others if path.exists()))


def allowed_hosts(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """`host:port` that may be reached over http and at private addresses. From MUSETTE_ALLOWED_HOSTS."""
    return frozenset(_words(environ.get("MUSETTE_ALLOWED_HOSTS", "")))


def _service(address: str) -> str:
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise NotConfigured(
            variable="MUSETTE_ESCO_SERVICE", reason=N_("it must look like https://ec.europa.eu/esco/api, or be none")
        )
    return address


def _timezone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise NotConfigured(variable="MUSETTE_TIMEZONE", reason=N_("it must look like Europe/Paris")) from error


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.replace(",", " ").split()]


def _providers(text: str) -> tuple[tuple[str, str], ...]:
    """`Name=https://issuer.example/; Other name=https://…`."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, issuer = part.partition("=")
        if not equals or urlsplit(issuer.strip()).scheme not in {"http", "https"}:
            raise NotConfigured(
                variable="MUSETTE_PROVIDERS", reason=N_("it must look like Name=https://issuer.example/")
            )
        found.append((name.strip(), issuer.strip()))
    return tuple(found)
