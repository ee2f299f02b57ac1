"""What is made from the code says what the code says."""

from tests import reference


def test_the_reference_of_the_pod_library_is_current() -> None:
    assert reference.main(["--check"]) == 0, "run `python -m tests.reference`"


def test_every_module_of_the_pod_room_is_in_the_reference_or_inside() -> None:
    shown = {name for names in reference.PARTS.values() for name in names if name.startswith("pod.")}
    assert shown & reference.modules() | reference.INSIDE == reference.modules()
    assert not shown & reference.INSIDE


def test_every_error_is_drawn_in_the_tree_on_top_of_its_module() -> None:
    from musette_solid.pod import errors

    drawn = errors.__doc__ or ""
    named = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and kind.__module__ == errors.__name__
    }
    assert {name for name in named if name not in drawn} == set()
