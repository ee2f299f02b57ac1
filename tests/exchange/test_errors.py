import pytest

from musette_solid.errors import MusetteError
from musette_solid.exchange.errors import UnreadableFile
from tests.exchange.reading import read

FRENCH = {
    "This file could not be read: row %(row)s, column %(column)s.": "Ce fichier est illisible : ligne %(row)s, colonne %(column)s.",
    "Expected: %(expected)s. Nothing was written.": "Attendu : %(expected)s. Rien n’a été écrit.",
    "a comma": "une virgule",
}


def test_where_and_what_was_expected_are_said_in_the_language_of_the_reader() -> None:
    error = UnreadableFile(file="demo.json", expected="a comma", row=3, column=7)
    assert error.sentences(lambda text: FRENCH[text]) == (
        "Ce fichier est illisible : ligne 3, colonne 7.",
        "Attendu : une virgule. Rien n’a été écrit.",
    )
    assert isinstance(error, MusetteError)


def test_without_a_row_the_pointer_says_where() -> None:
    assert "/work/0" in UnreadableFile(expected="a text", pointer="/work/0").sentences()[0]
    assert (
        str(UnreadableFile(expected="a text")) == "This file could not be read. Expected: a text. Nothing was written."
    )


@pytest.mark.parametrize(
    "begins", [b'<https://a.example/x> <https://a.example/p> "v" .', b"<#me> a <#Person> .", b"<> <#p> 1 ."]
)
def test_what_begins_with_an_address_is_no_damaged_xml(begins: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(begins, "demo.nt")
    assert "JSON Resume" in refused.value.sentences()[1]
