"""The command line: the same use cases as the web application, for people and for programs."""

from musette_solid.cli import (
    bag,
    dialogue,
    evidence,
    imports,
    login,
    others,
    portfolio,
    recover,
    references,
    rights,
    sharing,
    taking,
)
from musette_solid.cli.output import cli

__all__ = [
    "bag",
    "cli",
    "dialogue",
    "evidence",
    "imports",
    "login",
    "others",
    "portfolio",
    "recover",
    "references",
    "rights",
    "sharing",
    "taking",
]
