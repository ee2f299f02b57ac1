"""What the application is told at its start."""

from pathlib import Path

import pytest

from musette_solid.usecases import ask_esco
from musette_solid.web import Config, NotConfigured


def test_nothing_needs_to_be_set() -> None:
    found = Config.from_environ({"XDG_DATA_HOME": "/srv"})
    shared = Path("/srv/musette/references")
    assert found == Config(
        base_url="http://localhost:8000", data=Path(".musette"), references=shared, esco_service=ask_esco.ADDRESS
    )


def test_everything_can_be_set() -> None:
    found = Config.from_environ(
        {
            "MUSETTE_BASE_URL": "https://musette.example/",
            "MUSETTE_DATA": "/srv/musette",
            "MUSETTE_ALLOWED_HOSTS": "localhost:3000, 127.0.0.1:3000",
            "MUSETTE_PROVIDERS": "Demo=https://pod.example/; Other one=https://other.example",
            "MUSETTE_REDIS_URL": "redis://localhost:6379/0",
            "MUSETTE_TRUSTED_HOSTS": "www.musette.example",
            "MUSETTE_TIMEZONE": "America/Martinique",
            "MUSETTE_REFERENCES": "/srv/references",
            "MUSETTE_ESCO_SERVICE": "https://esco.example/api/",
        }
    )
    assert found == Config(
        base_url="https://musette.example",
        data=Path("/srv/musette"),
        allowed_hosts=frozenset({"localhost:3000", "127.0.0.1:3000"}),
        providers=(("Demo", "https://pod.example/"), ("Other one", "https://other.example")),
        redis_url="redis://localhost:6379/0",
        trusted_hosts=("www.musette.example",),
        timezone="America/Martinique",
        references=Path("/srv/references"),
        esco_service="https://esco.example/api",
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MUSETTE_BASE_URL", "musette.example"),
        ("MUSETTE_BASE_URL", "https://musette.example/path"),
        ("MUSETTE_PROVIDERS", "https://pod.example/"),
        ("MUSETTE_PROVIDERS", "Demo=pod.example"),
        ("MUSETTE_ESCO_SERVICE", "ec.europa.eu/esco/api"),
        ("MUSETTE_TIMEZONE", "Mars/Olympus"),
        ("MUSETTE_TIMEZONE", "../etc/passwd"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(NotConfigured, match=variable):
        Config.from_environ({variable: value})
