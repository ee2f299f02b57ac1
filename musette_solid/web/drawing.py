"""The bars of the picture and the lines of its table, as markup: the two places where a page says a thing for each activity.

In Python and not in a template, which takes three times as long for them. Only texts are escaped: the rest is
numbers, and names that are ours.
"""

import re
from collections.abc import Mapping, Sequence

from flask import Flask
from markupsafe import Markup, escape
from rdflib import URIRef

from musette_solid.web.picture import BAR, LABEL, PART, DrawnBar, DrawnLane, Row


def install(app: Flask) -> None:
    app.jinja_env.globals.update(bars=bars, lines=lines)


#: Most texts hold none of these, and to look for them costs less than to escape.
_SPECIAL = re.compile(r"[&<>\"']").search


def _escaped(text: str) -> str:
    return str(escape(text)) if _SPECIAL(text) else text


def bars(lane: DrawnLane) -> Markup:
    """What a lane of the picture shows."""
    return Markup("".join([_bar(lane.slug, bar) for bar in lane.bars]))  # noqa: S704 (every text is escaped)


def _bar(slug: str, bar: DrawnBar) -> str:
    x, width, y, title, name, name_x, name_width, is_name_at_end, fits_narrow, ongoing, address, parts = bar
    drawn = (
        f'<rect class="bar" x="{x}%" y="{y + LABEL}" width="{width}%" height="{BAR}" rx="2" fill="url(#weave-{slug})">'
        f"<title>{_escaped(title)}</title></rect>"
    )
    if name:
        minor = "" if fits_narrow else ' class="minor"'
        anchor = 'x="100%" text-anchor="end"' if is_name_at_end else 'x="1"'
        drawn = (
            f'<svg x="{name_x}%" y="{y}" width="{name_width}%" height="{LABEL}"{minor}>'
            f'<text class="bar-name" {anchor} y="14">{_escaped(name)}</text></svg>{drawn}'
        )
    for part_x, part_width, part_y, part_title in parts:
        drawn += (
            f'<rect class="part" x="{part_x}%" y="{part_y}" width="{part_width}%" height="{PART}">'
            f"<title>{_escaped(part_title)}</title></rect>"
        )
    if ongoing:
        drawn += (
            f'<svg x="{x + width}%" y="{y + LABEL}" width="9" height="{BAR}" overflow="visible">'
            f'<path class="on-going" d="M1 0 8 7 1 14z"/></svg>'
        )
    return f'<a href="{_escaped(address)}" tabindex="-1">{drawn}</a>\n' if address else f"{drawn}\n"


def lines(rows: Sequence[Row], spheres: Mapping[URIRef | None, str]) -> Markup:
    """The lines of the table; `spheres` says each sphere, in markup."""
    made = []
    for title, address, sphere, period, is_part in rows:
        name = _escaped(title)
        if address:
            name = f'<a href="{_escaped(address)}">{name}</a>'
        if is_part:
            name = f'<span class="soft">↳ </span>{name}'
        made.append(f'<tr><th scope="row">{name}</th><td>{spheres[sphere]}</td><td>{_escaped(period)}</td></tr>\n')
    return Markup("".join(made))  # noqa: S704 (every text is escaped)
