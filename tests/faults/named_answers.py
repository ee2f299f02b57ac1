"""The answer that the browser brings back, and who vouches for whom: H-01 to H-09."""

from tests.faults.forgery import ELSEWHERE, forged
from tests.faults.hostile_world import Lab, cost, is_in
from tests.faults.named import case, somebody_is_in


@case("H-01", "an answer without iss, from a provider that promised one")
def _(lab: Lab) -> None:
    lab.provider.back = {"iss": None}
    assert lab.refuses()
    assert lab.provider.hits["/token"] == 0


@case("H-02", "begun at one provider, answered with another one's name and code")
def _(lab: Lab) -> None:
    code = "stolen"
    for back in ({"iss": lab.world.second.issuer}, {"iss": lab.world.second.issuer, "code": code}):
        lab.provider.back = dict(back)
        assert lab.refuses()
    assert lab.provider.hits["/token"] == lab.world.second.hits["/token"] == 0


@case("H-03", "iss that differs by a slash, a letter's case, a port")
def _(lab: Lab) -> None:
    name = lab.provider.issuer
    for other in (
        name.rstrip("/"),
        name.upper(),
        name.replace("localhost", "LOCALHOST"),
        name + "/",
        name + "#",
        name + " ",
    ):
        lab.provider.back = {"iss": other}
        assert lab.refuses(), other
    assert lab.provider.hits["/token"] == 0


@case("H-04", "a provider that gives another name for itself")
def _(lab: Lab) -> None:
    for other in (ELSEWHERE, lab.provider.issuer.upper(), "", 5, [lab.provider.issuer], None):
        lab.provider.metadata = {"issuer": other}
        assert lab.refuses(), other
    assert lab.provider.hits["/auth"] == 0


@case("H-05", "a perfect token from a provider that the person's profile does not name")
def _(lab: Lab) -> None:
    lab.world.publish(f"solid:oidcIssuer <{ELSEWHERE}>")
    browser = lab.browser()
    assert lab.refuses(browser, address=lab.provider.issuer)
    assert not [request for request in lab.world.pods.requests if "Authorization" in request.headers]


@case("H-06", "a profile behind redirects: in a circle, to a private place, to an unprotected one, too many")
def _(lab: Lab) -> None:
    site, canary = lab.world.site, lab.world.canary
    good = f"<{site.url}me#me> <http://www.w3.org/ns/solid/terms#oidcIssuer> <{lab.provider.issuer}> .".encode()
    site.answers = {
        "/circle": (302, {"Location": "/circle"}, b""),
        "/private": (303, {"Location": f"https://localhost:{canary.port}/"}, b""),
        "/number": (307, {"Location": f"http://127.0.0.1:{canary.port}/"}, b""),
        "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/1": (302, {"Location": "/2"}, b""),
        "/2": (302, {"Location": "/3"}, b""),
        "/3": (302, {"Location": "/4"}, b""),
        "/4": (200, {"Content-Type": "text/turtle"}, good),
    }
    for path in ("circle", "private", "number", "file", "1"):
        webid = lab.provider.webid = f"{site.url}{path}#me"
        assert lab.refuses(address=webid), path
        assert lab.refuses(address=lab.provider.issuer), path
    assert canary.hits == 0
    assert site.secrets_received == []


@case("H-07", "a profile that names the provider for somebody else")
def _(lab: Lab) -> None:
    issuer, card = lab.provider.issuer, lab.world.person.webid.partition("#")[0]
    says = "<http://www.w3.org/ns/solid/terms#oidcIssuer>"
    for turtle in (
        f"<#other> {says} <{issuer}> .",
        f"<{card}> {says} <{issuer}> .",
        f"_:somebody {says} <{issuer}> .",
        f"<#me> <http://www.w3.org/2002/07/owl#sameAs> <#other> . <#other> {says} <{issuer}> .",
        f'<#me> {says} "{issuer}" .',
        f"<#me> <http://www.w3.org/ns/solid/terms#oidcissuer> <{issuer}> .",
        f"<#me> <https://www.w3.org/ns/solid/terms#oidcIssuer> <{issuer}> .",
        f"<#me> {says} <{issuer.rstrip('/')}> .",
        f"<#me> {says} <{issuer}#> .",
        f"<#ME> {says} <{issuer}> .",
    ):
        lab.world.pods.put_bytes(card, turtle.encode())
        assert lab.refuses(address=issuer), turtle


@case("H-08", "a profile with five thousand providers, of three megabytes, that is a page")
def _(lab: Lab) -> None:
    card = lab.world.person.webid.partition("#")[0]
    issuers = ", ".join(f"<https://{number}.example/>" for number in range(5000))
    many = f"<#me> <http://www.w3.org/ns/solid/terms#oidcIssuer> {issuers} .".encode()
    for body, kind in ((many, "text/turtle"), (many + b"#" * 3_000_000, "text/turtle"), (many, "text/html")):
        lab.world.pods.put_bytes(card, body, kind)
        seconds, _ = cost(lambda: lab.refuses(address=lab.provider.issuer) or somebody_is_in())
        assert seconds < 3


@case("H-09", "a WebID that is a script, a file, a name with a password, very long")
def _(lab: Lab) -> None:
    for webid in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://pod.example/#me",
        "https://u:p@pod.example/#me",
        "https://pod.example/" + "a" * 9000,
        "https://pod.example/<script>alert(1)</script>",
        "//pod.example/#me",
        "https://",
        "",
        5,
        [lab.world.person.webid],
        {"@id": lab.world.person.webid},
    ):
        lab.provider.forge = forged(lab, webid=webid)
        browser = lab.browser()
        answer = lab.sign_in(browser, address=lab.provider.issuer)
        assert answer.status_code == 400, webid
        assert not is_in(browser), webid
        assert "<script>alert" not in answer.text
