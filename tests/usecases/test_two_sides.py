"""Two sides of a life are never named together: whatever the texts say, in whatever a person shows."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from musette_solid.model.dossier import USUAL, Selection, Terms
from musette_solid.model.identity import Account, FacetsMixed
from musette_solid.model.portfolio import Portfolio
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import follow, publish, set_up, share
from musette_solid.usecases.layout import Bag
from tests.model.accounts import graph_of_account
from tests.usecases.conftest import NOW

PREFIXES = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <http://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
FACETS = (terms.FACET_PROFESSIONAL, terms.FACET_PERSONAL, terms.FACET_CIVIC)
HANDLES = ("nuit.bleue", "Demo-Pro", "@atelier_7", "Éléonore-k", "zoe1999", "repair2026")
PLACES = ("title", "description", "achievement", "role", "skill", "link")
#: How people write where they can be found.
SPELT: tuple[Callable[[Account], str], ...] = (
    lambda one: one.name,
    lambda one: one.name.upper(),
    lambda one: f"me trouver : {one.name} !",
    lambda one: one.url or "",
    lambda one: (one.url or "").replace("https://", "www.") + "/",
    lambda one: f"({(one.url or '').upper()})",
)


@dataclass(frozen=True)
class Life:
    """Accounts of several facets, and texts of a bag that may give any of them away."""

    accounts: tuple[Account, ...]
    texts: dict[str, str]

    @property
    def activities(self) -> str:
        said = {place: text.replace('"', "'") for place, text in self.texts.items()}
        link = said["link"] if re.fullmatch(r"https?://\S+", said["link"]) else "https://journal.example/"
        return f"""{PREFIXES} <#a-1> a mus:Activity ; mus:sphere mus:sphere-employment ; dcterms:title "{said["title"]}" ;
            dcterms:description "{said["description"]}" ; mus:achievement "{said["achievement"]}" ; schema:roleName "{said["role"]}" ;
            mus:mobilises <skills.ttl#s-1> ; mus:evidence <#e-1> . <#e-1> a mus:Evidence ; dcterms:title "Article" ; schema:url <{link}> ."""

    @property
    def skills(self) -> str:
        said = self.texts["skill"].replace('"', "'")
        return f'{PREFIXES} <#s-1> a mus:Skill ; skos:prefLabel "{said}" .'


QUIET = Life((), dict.fromkeys(PLACES, "rien"))


@st.composite
def lives(draw: st.DrawFn) -> Life:
    handles = draw(st.lists(st.sampled_from(HANDLES), min_size=2, max_size=4, unique=True))
    accounts = tuple(
        Account(f"#i-{n}", handle, None, f"https://place{n}.example/u/{n * 111 + 111}", draw(st.sampled_from(FACETS)))
        for n, handle in enumerate(handles)
    )
    texts = {}
    for place in PLACES:
        said = [draw(st.sampled_from(SPELT))(one) for one in draw(st.lists(st.sampled_from(accounts), max_size=1))]
        texts[place] = " ".join(said) if place == "link" and said else " ".join([place, *said])
    return Life(accounts, texts)


def plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]+", " ", "".join(sign for sign in split if not unicodedata.combining(sign)))


def sides(texts: Iterable[str], accounts: Iterable[Account]) -> set[object]:
    """The facets that somebody who reads this can tell, found in another way than the application does."""
    read = "\n".join(texts)
    lines = f" {plain(read)} "
    found: set[object] = set()
    for one in accounts:
        page = (one.url or "").removeprefix("https://").casefold()
        if page in read.casefold() or f" {plain(one.name).strip()} " in lines:
            found.add(one.facet)
    return found


def somebody(life: Life) -> tuple[MemoryPod, Bag]:
    server = MemoryPod()
    person = server.create_pod("demo", "Démo")
    bag = set_up.create(server.pod_for(person.webid), person.storage, NOW)
    said = [
        t
        for one in life.accounts
        for t in graph_of_account(
            Account(f"{bag.layout.identities}{one.iri}", one.name, one.service, one.url, one.facet)
        )
    ]
    server.put_bytes(bag.layout.identities, syntax.turtle(syntax.graph_of(said)))
    write(server, bag, life)
    return server, bag


def write(server: MemoryPod, bag: Bag, life: Life) -> None:
    server.put_bytes(bag.layout.activities, life.activities.encode())
    server.put_bytes(bag.layout.skills, life.skills.encode())
    bag.pod.cache.forget(bag.layout.activities)
    bag.pod.cache.forget(bag.layout.skills)


def chosen(bag: Bag, *, live: bool = False) -> Selection:
    return Selection(
        frozenset({f"{bag.layout.activities}#a-1"}), frozenset({f"{bag.layout.skills}#s-1"}), USUAL, live=live
    )


def agreed(bag: Bag, recipient: str) -> Terms:
    return Terms("Dossier", bag.owner, None, recipient, str(terms.PURPOSE_RECRUITMENT), NOW, date(2099, 1, 1))


@settings(max_examples=25)
@given(lives())
def test_no_dossier_names_two_sides(life: Life) -> None:
    _, bag = somebody(life)
    with suppress(FacetsMixed):
        shown = share.preview(bag, chosen(bag), agreed(bag, "https://asso.example/card#us"), share.new_id())
        assert len(sides(map(str, shown.graph.objects()), life.accounts)) <= 1


@settings(max_examples=25)
@given(lives())
def test_a_dossier_that_follows_the_bag_never_comes_to_name_two_sides(life: Life) -> None:
    server, bag = somebody(Life(life.accounts, QUIET.texts))
    reader = server.create_pod("association", "Association démo")
    to = share.Recipient(reader.webid, None, None, ())
    made = share.share(bag, chosen(bag, live=True), agreed(bag, reader.webid), to, share.new_id())
    write(server, bag, life)
    done = follow.follow(bag, NOW)
    read = resources.read(server.pod_for(reader.webid), made.dossier).graph
    assert len(sides(map(str, read.objects()), life.accounts)) <= 1
    # What was not brought up to date is said to be behind, and stays as it was agreed.
    assert done.updated or done.behind


@settings(max_examples=25)
@given(lives(), st.integers(0, 3))
def test_no_page_for_everybody_names_two_sides(life: Life, shown: int) -> None:
    _, bag = somebody(life)
    account = life.accounts[shown % len(life.accounts)]
    page = Portfolio(
        iri="",
        name="Démo",
        saved_at=NOW,
        about=life.texts["description"],
        selection=chosen(bag),
        accounts=frozenset({f"{bag.layout.identities}{account.iri}"}),
    )
    with suppress(FacetsMixed, publish.GivenAway):
        html = publish.preview(bag, page).page.data.decode().partition("</style>")[2]
        assert sides([html], life.accounts) <= {account.facet}
