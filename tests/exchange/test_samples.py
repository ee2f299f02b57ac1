"""Every sample of other people that is beside the repository, through the one way in: what it is, what it gives, what it loses.

python -m tests.exchange.test_samples     prints the table
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from musette_solid.cli.imports import bytes_of
from musette_solid.embedded import server
from musette_solid.exchange.draft import Recognised
from musette_solid.exchange.errors import UnreadableFile
from tests.exchange.reading import SHARED, read, times

#: Registers, test vectors in pieces, notes: nothing that a person brings in.
APART = {"esco", "rome"}

#: What each gives (lines by kind, times) and how many losses are named; None: refused, with a sentence.
EXPECTED: dict[str, tuple[str, dict[str, int], int] | None] = {
    "elm/Sample-CertOfPart-signed.jsonld": ("European Digital Credential", {"activity": 1, "evidence": 1}, 0),
    "elm/credential-sample-turtle.ttl": ("European Digital Credential (Turtle)", {"evidence": 1}, 0),
    "elm/credential-sample.jsonld": ("European Digital Credential", {"evidence": 1}, 0),
    "elm/edc-ap-context.jsonld": None,
    "europass/Europass_CV_V3.0_Example.xml": ("Europass (XML)", {"activity": 3, "skill": 9, "evidence": 7}, 0),
    "europass/Europass_CVwithCL_V3.4.0_Example.xml": ("Europass (XML)", {"activity": 4, "skill": 10, "evidence": 9}, 0),
    "europass/Europass_JSON_V3.1.2_ECV_Example.json": (
        "Europass (JSON)",
        {"activity": 5, "skill": 14, "evidence": 4},
        0,
    ),
    "europass/candidate-redacted.xml": ("Europass", {"activity": 4, "skill": 4, "evidence": 14}, 0),
    "icalendar/broken_ical.ics": ("iCalendar", {}, 0),
    "icalendar/calendar_with_unicode.ics": ("iCalendar", {}, 0),
    "icalendar/event_with_recurrence.ics": ("iCalendar", {"time": 1}, 97),
    "icalendar/event_with_rsvp.ics": ("iCalendar", {}, 0),
    "icalendar/invalid_duration.ics": ("iCalendar", {}, 0),
    "icalendar/timezoned.ics": ("iCalendar", {}, 0),
    "jobposting/schemaorg-eg-0281.json": None,
    "linkedin/ada-synthetic": ("LinkedIn", {"activity": 4, "skill": 1, "person": 2}, 0),
    "linkedin/doe-header-variants/Endorsement_Received_Info.skill-only.csv": ("LinkedIn (CSV)", {"skill": 1}, 0),
    "linkedin/doe-header-variants/Profile.fullname-only.csv": ("LinkedIn (CSV)", {}, 0),
    "linkedin/doe-header-variants/Profile.three-names-extra-comma.csv": ("LinkedIn (CSV)", {}, 0),
    "openbadges3/1_0_assertion_with_errors.json": ("Open Badges", {"evidence": 1}, 0),
    "openbadges3/2_0_basic_assertion.json": ("Open Badges", {"evidence": 1}, 0),
    "openbadges3/2_0_basic_badgeclass.json": ("Open Badges", {}, 0),
    "openbadges3/2_0_basic_issuer.json": ("Open Badges", {}, 0),
    "openbadges3/basicOpenBadgeCredential.json": ("Open Badges", {"evidence": 1}, 0),
    "openbadges3/endorsement.json": ("Open Badges", {}, 0),
    "openbadges3/ldp-ob-key-and-hashes.json": None,
    "openbadges3/ldp-ob-signed.json": ("Open Badges", {"evidence": 1}, 0),
    "openbadges3/ldp-ob-unsigned.json": ("Open Badges", {"evidence": 1}, 0),
    "openbadges3/obv3p0-document-canon.txt": None,
    "openbadges3/obv3p0-proof-canon.txt": None,
    "openbadges3/skillAssertionCtdl.json": ("Open Badges", {"evidence": 1, "skill": 1}, 0),
    "platforms/uber-driver-dispatches.csv": ("Rides (CSV)", {"activity": 1}, 35),
    "vc-eddsa/eddsa-rdfc-2022/signedDataInt.json": ("Verifiable Credential", {"evidence": 1}, 0),
    "vc-eddsa/keyPair.json": None,
    "vc-eddsa/unsigned.json": ("Verifiable Credential", {"evidence": 1}, 0),
    "vcard/vcard40_full.vcf": ("vCard", {"person": 1}, 0),
    "webid/css-7.2.0-card.ttl.hbs": None,
    "webid/solidos-test-card.ttl": ("Solid profile", {"activity": 4, "skill": 3}, 0),
}


def samples() -> Iterator[tuple[str, Path]]:
    """Each file; a folder of one export as a whole too."""
    for path in sorted(SHARED.rglob("*")) if SHARED.is_dir() else ():
        name = path.relative_to(SHARED).as_posix()
        if name.partition("/")[0] not in APART and (path.is_file() or name == "linkedin/ada-synthetic"):
            yield name, path
    installed = server.installed()
    examples = installed / "node_modules/@jsonresume/schema" if installed else None
    if examples is not None:
        for path in sorted([*examples.glob("examples/*.json"), examples / "sample.resume.json"]):
            yield f"@jsonresume/schema/{path.name}", path


SAMPLES = dict(samples())
NEEDS_SAMPLES = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the third parties' samples are not beside this repository"
)


def said(found: Recognised) -> tuple[str, dict[str, int], int]:
    return found.format, dict(Counter(line.kind for line in found.lines)), len(times(found))


@NEEDS_SAMPLES
@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gives_what_it_holds(name: str) -> None:
    path = SAMPLES.get(name)
    if path is None:
        pytest.skip("this sample is not there")
    expected = EXPECTED[name]
    if expected is None:
        with pytest.raises(UnreadableFile) as refusal:
            read(bytes_of(path), path.name)
        assert all(refusal.value.sentences())
        return
    found = read(bytes_of(path), path.name)
    assert said(found) == expected


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_read_or_refused_with_a_sentence_and_each_loss_has_a_place(name: str) -> None:
    found, refused = None, ("", "")
    try:
        found = read(bytes_of(SAMPLES[name]), SAMPLES[name].name)
    except UnreadableFile as refusal:
        refused = refusal.sentences()
    if found is None:
        assert all(refused)
        return
    assert all(loss.place and loss.sentence() for loss in found.losses), found.losses
    assert all(line.place for line in found.lines)
    # A file that gives nothing says why.
    assert found.lines or found.losses


def main() -> None:
    for name, path in SAMPLES.items():
        try:
            format_, lines, spent = said(found := read(bytes_of(path), path.name))
        except UnreadableFile as refusal:
            sys.stdout.write(f"{name}: {refusal.sentences()[0]} {refusal.sentences()[1]}\n")
            continue
        counts = ", ".join(f"{number} {kind}" for kind, number in sorted(lines.items())) or "nothing"
        sys.stdout.write(f"{name}: {format_}; {counts}; {spent} times; {len(found.losses)} losses\n")
        for loss in found.losses:
            sys.stdout.write(f"    {loss.place}: {loss.sentence()}\n")


if __name__ == "__main__":
    main()
