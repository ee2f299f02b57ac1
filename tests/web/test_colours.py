"""Colours by role: legible in the light and in the dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from musette_solid import shipped
from musette_solid.web import things
from tests.web.reviewer import Reviewer

SOURCE = (shipped.WEB / "static" / "css" / "tokens.css").read_text("utf-8")
PAIR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in PAIR.findall(SOURCE)}

TEXT = (
    *((ink, ground) for ink in ("ink", "ink-soft", "thread", "thread-deep") for ground in ("paper", "sheet", "canvas")),
    *(("ink", f"{tone}-tint") for tone in ("good", "warn", "bad")),
    *(("thread", f"{tone}-tint") for tone in ("good", "warn", "bad")),
    *(("on-thread", thread) for thread in ("thread", "thread-deep")),
    *(("bad", ground) for ground in ("paper", "sheet", "bad-tint")),
)
SHAPES = (
    *(("edge", ground) for ground in ("paper", "sheet")),
    *(("focus", ground) for ground in ("paper", "sheet", "canvas")),
    *((tone, f"{tone}-tint") for tone in ("good", "warn", "bad")),
    *((f"sphere-{things.sphere_slug(sphere)}", ground) for sphere in things.spheres() for ground in ("paper", "sheet")),
)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_legible(ink: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[ink][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_and_edges_are_seen(shape: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[shape][scheme], TOKENS[ground][scheme]) >= 3


def test_phones_that_know_no_light_dark_get_the_light_colours() -> None:
    fallback = SOURCE.partition("@supports not")[2]
    for name, (light, _) in TOKENS.items():
        assert f"--{name}: {light};" in fallback, name


def test_every_sphere_has_a_colour_an_icon_and_a_weave_of_its_own() -> None:
    icons = (shipped.WEB / "static" / "img" / "icons.svg").read_text("utf-8")
    weaves = (shipped.WEB / "templates" / "components" / "trajectory.html").read_text("utf-8")
    components = (shipped.WEB / "static" / "css" / "components.css").read_text("utf-8")
    for sphere in things.spheres():
        slug = things.sphere_slug(sphere)
        assert f"sphere-{slug}" in TOKENS
        assert f'<symbol id="{slug}"' in icons
        assert f"slug == '{slug}'" in weaves
        assert f".sphere-{slug} {{" in components


def test_the_page_of_looks_shows_every_colour_there_is(stranger: Reviewer) -> None:
    shown = {one.text for one in stranger.page("/style").named("code")}
    assert {f"--{name}" for name in TOKENS if not name.startswith("sphere-")} <= shown
    css = (shipped.WEB / "static" / "css" / "components.css").read_text("utf-8")
    for name in shown:
        if name.removeprefix("--") in TOKENS:
            assert f".fill-{name.removeprefix('--')} {{ fill: var({name}); }}" in css
