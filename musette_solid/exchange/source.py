"""A file as it was chosen: its name, its bytes, and what every reader may ask of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from musette_solid.exchange.draft import Draft
from musette_solid.exchange.packages import Package


@dataclass(frozen=True)
class Source:
    """`mapping`: what the columns of a table mean, when somebody said it; `profile`: the address it was read at."""

    name: str
    data: bytes = field(repr=False)
    mapping: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    @cached_property
    def package(self) -> Package:
        return Package(self.data, self.name)


Reader: TypeAlias = Callable[[Source, Draft], None]
