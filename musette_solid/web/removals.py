"""The page after something was deleted. What undoing needs is in this answer and nowhere else: we keep nothing."""

from flask import render_template, url_for


def page(packed: str, gone: str, back: str) -> str:
    """`packed`: what was deleted; `gone`: a sentence that says so; `back`: the address of the list it was in."""
    return render_template("pages/deleted.html", action=url_for("activities.undo"), packed=packed, gone=gone, back=back)
