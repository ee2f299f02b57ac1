"""What an evaluation gives: a status, an amount, and the steps that led there. Plain values, in no language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from musette_solid.model.rights.schemes import Rule


class Status(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"
    #: A step that computes and decides nothing.
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number and its unit, the short name of a concept of `mus:units` (`eur`, `hour`, `quarter`...)."""

    number: Decimal
    unit: str


#: What a step shows: how it is written depends on the language, so it is written when it is shown.
Shown: TypeAlias = Quantity | Decimal | date | int | str
#: What is known of one input.
Known: TypeAlias = Decimal | date | str | bool | Mapping[str, Decimal] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One input as an evaluation took it: its value, and the things of the bag that it comes from (IRIs)."""

    key: str
    value: Known
    sources: tuple[str, ...] = ()
    how: str = "stated"  # stated, derived, assumed, concluded


@dataclass(frozen=True, slots=True)
class Used:
    """A parameter as it stood on a day: its value since `since`."""

    parameter: str  # IRI
    key: str
    value: Quantity
    since: date


@dataclass(frozen=True, slots=True)
class Step:
    """One condition or computation: what it found, with which facts and which parameters.

    `key` names a condition of the rule (its sentences are there); a step that asks has the key of the missing input.
    """

    key: str
    status: Status
    values: Mapping[str, Shown]
    facts: tuple[Fact, ...] = ()
    parameters: tuple[Used, ...] = ()
    asks: str | None = None
    because: str | None = None  # what stopped the evaluation: missing, parameter, contradiction, negative, later
    #: What the question is about, when it is about one thing among several: activities (IRIs), and the name to say.
    about: tuple[str, ...] = ()
    about_name: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """What a conclusion adds to or takes from an account (the scheme's IRI), on a day, and the facts that prove it."""

    account: str
    on: date
    amount: Quantity
    proofs: tuple[str, ...]
    #: What it is worth in the unit of the account, when the account has another unit today than it had then.
    worth: Quantity | None = None

    @property
    def counted(self) -> Quantity:
        """What it adds to the balance of the account."""
        return self.worth or self.amount


@dataclass(frozen=True, slots=True)
class Deadline:
    on: date
    key: str  # the condition whose sentence says what to do
    year: int


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What one rule says of one set of facts. `rule` gives words, sources and uncertainties."""

    rule: Rule
    status: Status
    on: date
    subject: str | None = None  # the activity it is about, when it is about one
    amount: Quantity | None = None
    outputs: Mapping[str, object] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    movements: tuple[Movement, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    #: How much is lacking to reach the next step of the right, when that can be said.
    lacking: tuple[Quantity, ...] = ()
    is_certain: bool = True

    @property
    def year(self) -> int:
        return self.on.year

    @property
    def asked(self) -> tuple[str, ...]:
        """The keys of the inputs to ask for, the first first."""
        return tuple(dict.fromkeys(step.asks for step in self.steps if step.asks))

    def about(self, key: str) -> tuple[tuple[str, ...], str]:
        """The activities that a question is about, and their name; nothing when it is about no one thing."""
        step = next((step for step in self.steps if step.asks == key), None)
        return (step.about, step.about_name) if step else ((), "")

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple({fact.key: fact for step in self.steps for fact in step.facts}.values())

    @property
    def parameters(self) -> tuple[Used, ...]:
        return tuple({used.key: used for step in self.steps for used in step.parameters}.values())

    @property
    def sources(self) -> tuple[str, ...]:
        """The things of the bag that it rests on."""
        return tuple(dict.fromkeys(iri for fact in self.facts for iri in fact.sources))

    @property
    def values(self) -> dict[str, Shown]:
        found: dict[str, Shown] = {}
        for step in self.steps:
            found = {**step.values, **found}  # the first step that says a name keeps it
        return found
