import pytest
from hypothesis import given
from hypothesis import strategies as st

from musette_solid.model.references.words import sound, stem, stems, tokens, without_one_letter


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("directeur", "directrice"),
        ("infirmier", "infirmières"),
        ("vendeur", "vendeuses"),
        ("organiser", "organisation"),
        ("organisé", "organisées"),
        ("réparer", "réparation"),
        ("journal", "journaux"),
        ("nettoyer", "nettoyage"),
        ("tenu", "tenir"),
        ("jardiner", "jardinage"),
        ("accompagner", "accompagnement"),
    ],
)
def test_forms_of_a_word_meet(one: str, two: str) -> None:
    assert stems(one) == stems(two)


@pytest.mark.parametrize(("one", "two"), [("mer", "mère"), ("pain", "peindre"), ("chat", "chant")])
def test_two_words_stay_two(one: str, two: str) -> None:
    assert stems(one) != stems(two)


def test_both_apostrophes_accents_and_little_words_make_no_difference() -> None:
    assert tokens("s'occuper de l’eau") == tokens("S’OCCUPER DE L'EAU") == ("occuper", "eau")
    assert tokens("Œuvrer à l'École") == ("oeuvrer", "ecole")
    assert tokens("langage C et R") == ("langage", "c", "r")


def test_what_sounds_the_same_is_heard_the_same() -> None:
    assert sound("quincaillerie") == sound("kincailerie")
    assert sound("photographie") == sound("fotografi")


@given(st.text(max_size=30))
def test_any_text_has_stems_and_a_sound(text: str) -> None:
    for word in tokens(text):
        assert stem(word)
        assert isinstance(sound(word), str)
        assert word in without_one_letter(word)
