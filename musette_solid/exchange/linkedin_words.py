"""What LinkedIn's tables and their columns are called where the account speaks another language than English."""

from typing import Final

from musette_solid.model.words import folded

#: What tables are called where the account speaks French, German or Spanish.
FILES: Final = {
    **dict.fromkeys(("postes", "experience", "experiences", "positionen", "berufserfahrung", "puestos"), "positions"),
    **dict.fromkeys(("formation", "formations", "ausbildung", "educacion"), "education"),
    **dict.fromkeys(("competences", "kenntnisse", "fahigkeiten", "aptitudes"), "skills"),
    **dict.fromkeys(("langues", "sprachen", "idiomas"), "languages"),
    **dict.fromkeys(("benevolat", "ehrenamt", "voluntariado", "volunteering experience"), "volunteering"),
    **dict.fromkeys(("projets", "projekte", "proyectos"), "projects"),
    **dict.fromkeys(("cours", "kurse", "cursos"), "courses"),
    **dict.fromkeys(
        ("licences et certifications", "zertifikate", "bescheinigungen", "certificaciones"), "certifications"
    ),
    **dict.fromkeys(("distinctions", "auszeichnungen", "honors awards", "awards"), "honors"),
    **dict.fromkeys(("relations", "contacts", "kontakte", "contactos"), "connections"),
    **dict.fromkeys(("organisations", "organisationen", "organizaciones"), "organizations"),
}
#: What columns are called there: each has one meaning in every table.
COLUMNS: Final = {
    **dict.fromkeys(
        (
            "nom de l entreprise",
            "nom de la societe",
            "entreprise",
            "societe",
            "employeur",
            "firmenname",
            "unternehmen",
            "name des unternehmens",
            "firma",
            "nombre de la empresa",
            "empresa",
        ),
        "company name",
    ),
    **dict.fromkeys(
        (
            "intitule du poste",
            "intitule de poste",
            "titre du poste",
            "intitule",
            "titre",
            "poste",
            "titel",
            "positionsbezeichnung",
            "job title",
            "puesto",
            "cargo",
            "titulo",
        ),
        "title",
    ),
    **dict.fromkeys(("beschreibung", "descripcion", "descriptif"), "description"),
    **dict.fromkeys(("lieu", "localisation", "ort", "standort", "ubicacion"), "location"),
    **dict.fromkeys(
        (
            "date de debut",
            "debut",
            "debut le",
            "commence le",
            "a commence le",
            "depuis",
            "beginn",
            "begonnen am",
            "gestartet am",
            "startdatum",
            "von",
            "fecha de inicio",
            "inicio",
        ),
        "started on",
    ),
    **dict.fromkeys(
        (
            "date de fin",
            "fin",
            "fin le",
            "termine le",
            "jusqu a",
            "ende",
            "beendet am",
            "enddatum",
            "bis",
            "fecha de finalizacion",
            "fecha de fin",
        ),
        "finished on",
    ),
    **dict.fromkeys(
        (
            "nom de l ecole",
            "ecole",
            "etablissement",
            "nom de l etablissement",
            "schule",
            "name der schule",
            "hochschule",
            "nombre de la escuela",
            "institucion educativa",
        ),
        "school name",
    ),
    **dict.fromkeys(
        ("nom du diplome", "diplome", "intitule du diplome", "abschluss", "name des abschlusses", "titulacion"),
        "degree name",
    ),
    **dict.fromkeys(("activites", "activites et associations", "aktivitaten", "actividades"), "activities"),
    **dict.fromkeys(("nom", "nom de la competence", "bezeichnung", "nombre"), "name"),
    **dict.fromkeys(("niveau", "maitrise", "niveau de maitrise", "kenntnisstand", "kompetenz", "nivel"), "proficiency"),
    **dict.fromkeys(("langue", "sprache", "idioma"), "language"),
    **dict.fromkeys(("fonction", "rolle", "funktion", "rol"), "role"),
    **dict.fromkeys(("organisme", "emetteur", "organisme de delivrance", "aussteller", "entidad emisora"), "authority"),
    **dict.fromkeys(("numero de licence", "numero de la licence", "lizenznummer"), "license number"),
    **dict.fromkeys(("prenom", "vorname"), "first name"),
    **dict.fromkeys(("nom de famille", "nachname", "apellidos"), "last name"),
    **dict.fromkeys(
        ("mis en relation le", "connecte le", "kontakt seit", "vernetzt am", "conectado el"), "connected on"
    ),
    **dict.fromkeys(("adresse e mail", "e mail adresse", "email"), "email address"),
}


def called(header: str) -> str:
    """The name of a column in English, folded."""
    name = folded(header)
    return COLUMNS.get(name, name)
