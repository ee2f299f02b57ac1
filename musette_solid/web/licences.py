"""How the licences are called under which something is passed on to others, and what each asks."""

from musette_solid.errors import N_
from musette_solid.usecases.open_to_all import LICENCES
from musette_solid.web.i18n import gettext

#: How each is called, and what it asks of whoever takes something up.
_LICENCES = {
    LICENCES[0]: (N_("CC BY 4.0"), N_("Others may use and change it, if they say that it comes from you.")),
    LICENCES[1]: (N_("CC BY-SA 4.0"), N_("The same, and what they make of it stays under this licence.")),
    LICENCES[2]: (N_("CC0"), N_("Others may do what they want with it, and need not name you.")),
}


def called(iri: str) -> str:
    """Its name; its address when it is another one."""
    return gettext(_LICENCES[iri][0]) if iri in _LICENCES else iri


def choices() -> list[tuple[str, str, str]]:
    """Its address, its name, what it asks."""
    return [(one, gettext(name), gettext(asks)) for one, (name, asks) in _LICENCES.items()]
