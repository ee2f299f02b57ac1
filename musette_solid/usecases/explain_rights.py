"""Rights of the person, worked out from their bag: what holds, what does not, what has to be asked, and why."""

from dataclasses import dataclass
from datetime import date

from musette_solid.model import activity as activities_model
from musette_solid.model import time as time_model
from musette_solid.model.activity import Activity
from musette_solid.model.rights import accounts as accounts_model
from musette_solid.model.rights import facts, schemes, standing, supposing
from musette_solid.model.rights.accounts import Account
from musette_solid.model.rights.facts import Life, Stated
from musette_solid.model.rights.life import Evaluator, Outcome
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.rights.standing import Standing
from musette_solid.pod import containers
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class Rights:
    """`life` is what everything was worked out from; what could not be read is named."""

    life: Life
    outcome: Outcome
    schemes: tuple[Scheme, ...]
    accounts: tuple[Account, ...]
    unreadable: tuple[str, ...]

    @property
    def standings(self) -> tuple[Standing, ...]:
        return standing.standings(self.outcome, self.schemes, self.accounts)

    @property
    def stated(self) -> tuple[Stated, ...]:
        return self.life.stated

    def activity(self, iri: str) -> Activity | None:
        return self.life.by_iri.get(iri)


def life_of(bag: Bag, as_of: date) -> tuple[Life, tuple[Account, ...], tuple[str, ...]]:
    """Everything that rights depend on: activities, every year of time, facts and accounts."""
    layout = bag.layout
    years = [
        m.iri
        for m in containers.members(bag.pod, layout.times)
        if m.iri.removeprefix(layout.times).removesuffix(".ttl").isdigit()
    ]
    documents = read_documents(bag, (layout.activities, layout.rights, *years))
    entries = tuple(entry for year in sorted(years) for entry in time_model.read(documents.graph(year)))
    rights = documents.graph(layout.rights)
    life = Life(activities_model.read(documents.graph(layout.activities)), facts.read(rights), entries, as_of)
    return life, accounts_model.read(rights), documents.unreadable


def explain_rights(bag: Bag, as_of: date, proposals: tuple[Scheme, ...] = ()) -> Rights:
    """All rights on a day. Proposals are worked out beside the law, on the same facts."""
    life, accounts, unreadable = life_of(bag, as_of)
    followed = (*schemes.law(), *proposals)
    return Rights(life, Evaluator(followed).evaluate(life), followed, accounts, unreadable)


def suppose(rights: Rights, life: Life, *, figures_go_on: bool = False) -> supposing.Comparison:
    """What would be concluded of a supposed life, beside this one on that same later day. Nothing is written.

    `figures_go_on`: as if the figures that nobody has published yet were those of today.
    """
    followed = schemes.stretched(rights.schemes) if figures_go_on else rights.schemes
    now = Evaluator(followed).evaluate(rights.life.supposing(until=life.as_of))
    after = Evaluator(followed).evaluate(life)
    return supposing.comparison(now, after, rights.schemes, since=rights.life.as_of)
