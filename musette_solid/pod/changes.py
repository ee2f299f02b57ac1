"""Changes of a document, the gentlest way that its server understands: N3 Patch, SPARQL Update, the whole document."""

from rdflib import Graph, Literal

from musette_solid.pod import capabilities
from musette_solid.pod.cache import NOTHING
from musette_solid.pod.errors import AccessRefused, ChangedMeanwhile, NotKept
from musette_solid.pod.http import Response
from musette_solid.pod.reading import Resource, read, refusal
from musette_solid.pod.session import Pod
from musette_solid.pod.writing import LOOK, kept_as_json_ld, named, put_whole, same, sent
from musette_solid.rdf import syntax
from musette_solid.rdf.delta import Delta, merge, n3_patch, sparql_update, telling
from musette_solid.rdf.names import canonical, document
from musette_solid.rdf.syntax import Triple

N3 = "text/n3"
SPARQL = "application/sparql-update"
TRIES = 3


def insert(pod: Pod, iri: str, graph: Graph) -> None:
    """Add triples in one write, creating the document and its containers if absent; sending it twice changes nothing.

    An N3 Patch (Solid Protocol 0.11, 5.3.1) that takes nothing away from anybody, and that has one triple as its condition
    which is known to be in the document: a server that reads a damaged document as an empty one refuses it, where without
    the condition it would write over what is left. Of a document that this session knows nothing of, that is read first.
    """
    url = canonical(document(iri))
    change_ = Delta(into=frozenset(graph))
    if not change_:
        return
    if not capabilities.patches(pod, url):
        pod.cache.forget(url)
        change(pod, read(pod, url), change_)
        return
    for _ in range(TRIES):
        where, conditions = _seen(pod, url)
        headers = {"Content-Type": N3, **conditions}
        response = sent(pod, "PATCH", url, headers, n3_patch(change_, where), lambda: _holds(pod, url, change_))
        if response.status not in {409, 412}:
            break
        # The condition does not hold any more, or never held for this server: what is there now?
        pod.cache.forget(url)
        pod.cache.found(url, None)
    if response.status in {405, 409, 412, 415, 501}:
        change(pod, read(pod, url), change_)
    elif not response.ok:
        # Nothing is taken away, so nobody can have been faster: is the document damaged? Then that is what to say.
        if response.status in {400, 422} or response.status >= 500:
            read(pod, url)
        raise refusal(pod, response)
    else:
        found = _doubted(pod, url, change_)
        if found is not None:
            change(pod, found, Delta(into=change_.into - frozenset(found.graph)))
    if where or conditions:  # who may only add may not name a condition the next time either
        pod.cache.found(url, telling(change_.into))


def _seen(pod: Pod, url: str) -> tuple[frozenset[Triple], dict[str, str]]:
    """What an insertion may rest on: a triple that the document was seen to hold, or headers about its version.

    Neither for who may add but not read. Raises NotUnderstood when the document is damaged.
    """
    held: Triple | str | None = pod.cache.holds(url)
    if held is None:
        # What was read before will do, however long ago: the server looks whether it still holds.
        base: Resource | None = pod.cache.get(url)
        try:
            base = base or read(pod, url, reader=syntax.last_typed)
        except AccessRefused:
            return frozenset(), {}
        held = base.said(syntax.last_typed) if base.exists else NOTHING
        if held is None:
            return frozenset(), _conditions(base, Delta())
        pod.cache.found(url, held)
    return (frozenset(), {"If-None-Match": "*"}) if isinstance(held, str) else (frozenset({held}), {})


def change(pod: Pod, base: Resource, delta: Delta, tries: int = TRIES) -> None:
    """Apply a change made from `base`; what others wrote meanwhile, elsewhere in the document, is kept.

    `tries` 1: whatever others wrote meanwhile, ChangedMeanwhile is raised, for who decides from the whole document. When both
    changed the same thing (rdf.delta.merge says what that is), nothing is written and ChangedMeanwhile is raised with `.details["theirs"]`, the Resource as it is now. Raises NotKept when the server says yes and does not do it.
    """
    seen, wanted = base, delta
    for _ in range(tries):
        if not delta:
            return
        refused = _try(pod, base, delta)
        if refused is None:
            held = pod.cache.holds(canonical(base.iri))
            if held is None or held == NOTHING or held in delta.out:
                pod.cache.found(canonical(base.iri), telling(delta.into))
            return
        pod.cache.forget(base.iri)
        now = read(pod, base.iri)
        if refused.status == 409 and _is_unchanged(now, base):
            # Nobody was faster: the server reads what is to be taken out in a way of its own (NSS takes 12.50 for 12.5, and
            # "@fr-BE" for another language).
            refused = _as_a_whole(pod, now, delta)
            if refused is None:
                return
            pod.cache.forget(base.iri)
            now = read(pod, base.iri)
        base = now
        merged = merge(seen.graph, wanted, base.graph) if base.exists or not seen.exists else None
        if merged is None:
            raise ChangedMeanwhile(base.iri, refused.status, theirs=base)
        delta = merged
    raise ChangedMeanwhile(base.iri, 412, theirs=base)


def _try(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """One attempt, the gentlest first. None when it is done, the answer when somebody was faster."""
    url = canonical(base.iri)
    pod.cache.forget(url)
    for attempt in (_by_n3, _by_sparql):
        response = attempt(pod, base, delta)
        if response is None or response.status in {405, 415, 501}:
            continue
        if response.status in {409, 412}:
            return response
        if not response.ok:
            raise refusal(pod, response)
        found = _doubted(pod, url, delta)
        if found is None:
            return None
        # It said yes and did something else. What was there is known: put it right, as a whole.
        base, delta = found, _repair(base, delta, found)
        break
    return _as_a_whole(pod, base, delta)


def _by_n3(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """`solid:deletes` must be there, or the server answers 409: a compare-and-swap even without an ETag."""
    if N3 not in base.accept_patch and base.accept_patch - {""}:
        return None
    url = canonical(base.iri)
    if not capabilities.patches(pod, url):
        return None
    headers = {"Content-Type": N3, **_conditions(base, delta)}
    return sent(pod, "PATCH", url, headers, n3_patch(delta), lambda: _holds(pod, url, delta))


def _by_sparql(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """Only under a condition that the server keeps: DELETE DATA of what is absent is no error, so it locks nothing."""
    url = canonical(base.iri)
    if SPARQL not in base.accept_patch or not base.etag or capabilities.known(url).drops:
        return None
    if not capabilities.honours_if_match(pod, url):
        return None
    headers = {"Content-Type": SPARQL, "If-Match": base.etag}
    return sent(pod, "PATCH", url, headers, sparql_update(delta), lambda: _holds(pod, url, delta))


def _conditions(base: Resource, delta: Delta) -> dict[str, str]:
    if not base.exists:
        return {} if delta.out else {"If-None-Match": "*"}
    return {"If-Match": base.etag} if base.etag else {}


def _refuse_within_a_page(pod: Pod, base: Resource) -> None:
    """Raises AccessRefused for what is read out of a web page: sending it whole would put data in the place of the page.

    javascript-solid-server keeps a person's profile so, and afterwards gives it out as bytes of no kind: nobody could sign in.
    """
    url = canonical(base.iri)
    if not base.exists or "." in url.rpartition("/")[2] or capabilities.known(url).patches is not False:
        return
    answer = pod.send("GET", url, {"Accept": "text/html"})
    if answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
        raise AccessRefused(url, answer.status)


def _as_a_whole(pod: Pod, base: Resource, delta: Delta) -> Response | None:
    """The last resort: the whole document, over exactly the version that was read and understood."""
    url = canonical(base.iri)
    _refuse_within_a_page(pod, base)
    conditions = _conditions(base, delta)
    if base.exists and not (base.etag and capabilities.honours_if_match(pod, url)):
        pod.cache.forget(url)
        if not _is_unchanged(read(pod, url), base):
            return Response(url, 412, {})
        conditions = {"If-Unmodified-Since": base.modified} if base.modified else {}
    after = syntax.graph_of((set(base.graph) - delta.out) | delta.into)
    body = syntax.turtle(after)
    response = put_whole(pod, url, body, syntax.TURTLE, conditions)
    if response.status in {409, 412}:
        return response
    if not response.ok:
        raise refusal(pod, response)
    if not capabilities.known(url).is_proved("PUT"):

        def kept() -> bool:
            pod.cache.forget(url)
            return named(after) <= named(read(pod, url).graph)

        if not kept() and not kept_as_json_ld(pod, url, body, syntax.TURTLE, kept):
            capabilities.learn(url, drops=True)
            raise NotKept(url, response.status)
        capabilities.learn(url, keeps_put=True)
    return None


def _holds(pod: Pod, url: str, delta: Delta) -> bool:
    """Whether a document says what a change wanted it to."""
    pod.cache.forget(url)
    found = frozenset(read(pod, url, limits=LOOK).graph)
    return delta.into <= found and not delta.out & found


def _doubted(pod: Pod, url: str, delta: Delta) -> Resource | None:
    """After a patch to a server that has not proved itself: the document, when the patch did not do what it said."""
    if capabilities.known(url).is_proved("PATCH"):
        return None
    pod.cache.forget(url)
    found = read(pod, url)
    if delta.into <= frozenset(found.graph) and not delta.out & frozenset(found.graph):
        # Plain words are easily kept: what has a datatype or a language shows whether literals are.
        telling = any(isinstance(o, Literal) and (o.datatype or o.language) for _, _, o in delta.into)
        if telling and capabilities.known(url).patches is not None:
            capabilities.learn(url, keeps_patched=True)
        return None
    capabilities.learn(url, patches=False, drops=True)
    return found


def _repair(base: Resource, delta: Delta, found: Resource) -> Delta:
    """From what a bad patch left to what was meant: our own subjects as we said them, and nobody's triple lost."""
    meant = (named(base.graph) - delta.out) | delta.into
    left = named(found.graph)
    ours = {s for s, _, _ in delta.out | delta.into}
    return Delta(frozenset(t for t in left - meant if t[0] in ours), meant - left)


def _is_unchanged(now: Resource, base: Resource) -> bool:
    return now.exists and base.exists and (now.body == base.body or same(now.graph, base.graph))
