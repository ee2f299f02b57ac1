"""Everything at once: dossiers, what lies beside them, what everybody may read. What must hold is said in `dossiers`."""

from tests.sharing.dossiers import START, Counted, Place, people_of
from tests.sharing.published import Published


class Sharing(Published):
    """`place` is set by a subclass or by whoever runs it."""


__all__ = ["START", "Counted", "Place", "Sharing", "people_of"]
