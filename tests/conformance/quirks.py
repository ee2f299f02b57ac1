"""The servers, and where one is known to differ: scenarios that are skipped on it, each with the reason in words and where it is discussed.

Only what says nothing about us. A scenario that fails on a server and is not here is shown as failed by `make pods`.
"""

#: The servers of every run, and those of `make pods`, which sets PODS. No hyphen in a name: it ends there in a test's id.
EVERY_RUN = ("memory", "memory_acp", "switches", "css", "css_acp")
MAKE_PODS = (*EVERY_RUN, "css_memory", "nss", "jss")
REAL = {"css", "css_acp", "css_memory", "nss", "jss"}

_NSS = "https://github.com/nodeSolidServer/node-solid-server/issues/"
_NO_VERSIONS = f"gives no ETag with a GET and ignores If-Match ({_NSS}1370, {_NSS}268)"
_LENIENT = f"accepts patches that the protocol asks to refuse, or refuses them with 400 ({_NSS}1645)"
_SEEN = "seen by this suite on javascript-solid-server 0.0.81; no thread found"

_JSS = "https://github.com/JavaScriptSolidServer/JavaScriptSolidServer/issues/"
_REWRITES = (
    "keeps what is sent as JSON-LD, and gives it out as Turtle with @fr-be for @fr-BE and without empty texts; what is not kept is "
    f"found by reading it back, and said ({_SEEN})"
)
_NO_LOCK = f"checks versions without a lock: several writers at one instant are told yes, and read back what is not theirs ({_SEEN})"

_ACCENTS = "cuts a patched document short by one byte for each accent (tests/embedded/test_server.py shows it; no thread found)"

#: Server, name of the test, part of its parameters ("" for all): why.
QUIRKS: tuple[tuple[str, str, str, str], ...] = (
    ("css_memory", "test_hundreds_of_triples", "", _ACCENTS),
    ("css_memory", "test_triples_of_other_applications", "", _ACCENTS),
    ("css_memory", "test_odd_names", "\\xe9", _ACCENTS),
    ("css_memory", "test_odd_names", "\\u65e5", _ACCENTS),
    ("css_memory", "test_a_bag_is_made", "", _ACCENTS),
    ("css_memory", "test_a_dossier_is_read", "", _ACCENTS),
    ("css_memory", "test_a_share_costs", "", _ACCENTS),
    ("css_memory", "test_an_archive_of_another_brand", "", _ACCENTS),
    ("nss", "test_conditions_are_kept", "", _NO_VERSIONS),
    ("nss", "test_a_condition_on_what_is_absent", "", _NO_VERSIONS),
    ("nss", "test_a_head_tells_what_a_get_would", "", f"sends one and the same tag with every HEAD ({_NSS}644)"),
    ("nss", "test_what_is_there_is_read", "", _NO_VERSIONS),
    ("nss", "test_what_has_not_changed_is_not_sent_again", "", _NO_VERSIONS),
    ("nss", "test_what_somebody_else_changed_is_sent_again", "", _NO_VERSIONS),
    ("nss", "test_only_the_version_that_was_seen_is_deleted", "", _NO_VERSIONS),
    (
        "nss",
        "test_of_many_creations_at_once_one_succeeds",
        "",
        f"streams a PUT into the file without a lock ({_NSS}1106)",
    ),
    ("nss", "test_what_a_patch_does", "a blank node", _LENIENT),
    ("nss", "test_what_a_patch_does", "an unnamed node", _LENIENT),
    ("nss", "test_what_a_patch_does", "a variable from nowhere", _LENIENT),
    ("nss", "test_what_a_patch_does", "two patches", _LENIENT),
    ("nss", "test_what_a_patch_does", "not a patch", _LENIENT),
    ("nss", "test_what_a_patch_does", "two insertions", _LENIENT),
    (
        "nss",
        "test_triples_of_other_applications_survive_a_correction_to_the_letter",
        "",
        (
            "its RDF library turns a true boolean into false and shortens large numbers when it writes a document again; "
            "that is why our vocabulary has neither (seen by this suite; no thread found)"
        ),
    ),
    (
        "nss",
        "test_the_root_of_a_storage_says_what_it_is_and_stays",
        "",
        "only the root of the whole server is a storage; here three people share one server (seen by this suite)",
    ),
    ("nss", "test_the_storage_description_is_there_to_read", "", "has no storage description (seen by this suite)"),
    (
        "nss",
        "test_a_listing_says_when_a_member_changed",
        "",
        "tells the time of a change in whole seconds (seen by this suite)",
    ),
    (
        "jss",
        "test_what_a_patch_does",
        "",
        f"answers 204 to patches that it does not read, and ignores conditions: we send it none ({_SEEN})",
    ),
    ("jss", "test_a_patch_that_takes_away_from_nothing_makes_nothing", "", f"makes an empty document of it ({_SEEN})"),
    (
        "jss",
        "test_inserting_makes_the_document_and_its_containers_in_one_write",
        "",
        f"its patches lose data, so whole documents are sent, and read back ({_SEEN})",
    ),
    ("jss", "test_conditions_are_kept", "PATCH-If-None-Match", f"does not check it on a patch ({_SEEN})"),
    (
        "jss",
        "test_conditions_are_kept",
        "W/",
        "takes a weak tag (https://github.com/JavaScriptSolidServer/JavaScriptSolidServer/issues/101)",
    ),
    ("jss", "test_a_body_without_its_kind_is_refused", "", f"accepts it ({_SEEN})"),
    (
        "jss",
        "test_bytes_are_kept_as_they_were_sent",
        "",
        f"keeps documents as JSON-LD and writes Turtle anew each time ({_SEEN})",
    ),
    ("jss", "test_a_listing_says_when_a_member_changed", "", f"a listing holds names only ({_SEEN})"),
    ("jss", "test_a_full_container_cannot_be_deleted", "", f"deletes it with all that is in it ({_SEEN})"),
    ("jss", "test_rule_documents_are_not_members", "", f"lists them ({_SEEN})"),
    ("jss", "test_a_container_lists_its_direct_members", "", f"lists rule documents too ({_SEEN})"),
    ("jss", "test_a_container_is_made_only_once", "", f"lists rule documents too ({_SEEN})"),
    ("jss", "test_what_is_posted_is_kept_inside", "", f"lists rule documents too ({_SEEN})"),
    ("jss", "test_a_name_with_and_without_a_slash", "", f"lists rule documents too ({_SEEN})"),
    ("jss", "test_creating_makes_the_containers_on_the_way", "", f"lists rule documents too ({_SEEN})"),
    ("jss", "test_odd_names", "", f"lists rule documents too ({_SEEN})"),
    ("jss", "test_removing_a_container", "", f"lists rule documents too ({_SEEN})"),
    ("jss", "test_the_root_of_a_storage", "", f"does not say which container is a storage ({_SEEN})"),
    ("jss", "test_the_storage_description", "", f"has none ({_SEEN})"),
    (
        "jss",
        "test_many_insertions_at_once_all_arrive",
        "",
        f"checks versions without a lock: 16 of 20 writers at one instant were told yes ({_SEEN})",
    ),
    ("jss", "test_anybody_signed_in_may_drop_something", "", f"does not list what was dropped ({_SEEN})"),
    ("jss", "test_a_share_costs_the_same", "", f"each write is read back there: two requests more ({_SEEN})"),
    ("jss", "test_triples_of_other_applications", "", _REWRITES),
    ("jss", "test_literals_as_written", "", _REWRITES),
    ("jss", "test_of_many_creations_at_once", "", _NO_LOCK),
    ("jss", "test_of_many_changes_of_one_triple", "", _NO_LOCK),
    ("jss", "test_the_owner_is_told_of_every_mode", "", f"leaves Append out where there is Write ({_SEEN})"),
    ("jss", "test_method_by_modes_held", "write", f"patches that take something out need no Read ({_SEEN})"),
    ("jss", "test_method_by_modes_held", "append", f"asks for Write where Append is enough ({_SEEN})"),
    (
        "jss",
        "test_an_archive_of_another_brand",
        "",
        f"gives credentials out as the same JSON with other spaces, not to the byte ({_SEEN})",
    ),
    (
        "jss",
        "test_a_profile_is_written",
        "",
        f"keeps the profile inside a page: it is not written to, since it would be given out as bytes of no kind ({_SEEN})",
    ),
    ("jss", "test_what_is_damaged_is_not_absent", "", f"refuses damaged Turtle at once, as one would wish ({_SEEN})"),
)


def why_not(server: str, test: str, parameters: str) -> str | None:
    """Why a scenario is skipped on a server; None when it is not."""
    for where, name, part, reason in QUIRKS:
        if where == server and test.startswith(name) and part in parameters:
            return reason
    return None
