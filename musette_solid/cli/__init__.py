"""The command line: the same use cases as the web application, for people and for programs."""

from musette_solid.cli import (
    assessments,
    bag,
    dialogue,
    evidence,
    frames,
    goals,
    imports,
    login,
    others,
    portfolio,
    recover,
    references,
    reflect,
    rights,
    sharing,
    supposing,
    taking,
)
from musette_solid.cli.output import cli

__all__ = [
    "assessments",
    "bag",
    "cli",
    "dialogue",
    "evidence",
    "frames",
    "goals",
    "imports",
    "login",
    "others",
    "portfolio",
    "recover",
    "references",
    "reflect",
    "rights",
    "sharing",
    "supposing",
    "taking",
]
