from musette_solid.exchange.losses import Loss


def test_a_loss_says_why_in_the_language_of_the_reader() -> None:
    loss = Loss.of("/work/0", "“%(value)s” is not a date", "soon")
    assert loss.sentence() == "“soon” is not a date"
    assert (
        loss.sentence(lambda _: "« %(value)s » n’est pas une date (%(place)s)")
        == "« soon » n’est pas une date (/work/0)"
    )


def test_a_long_value_is_shortened() -> None:
    assert len(Loss.of("/", "", "x" * 500).value) == 80
