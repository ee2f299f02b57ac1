"""All one's skills with what they are linked to: what a picture, a table and a program make of them."""

from dataclasses import dataclass
from datetime import date

from musette_solid.model import activity as activities_model
from musette_solid.model import agents, skill_graph
from musette_solid.model import skill as skills_model
from musette_solid.model.skill_graph import By, SkillGraph
from musette_solid.model.standing import standing
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag


@dataclass(frozen=True)
class SkillMap:
    graph: SkillGraph
    unreadable: tuple[str, ...]


def map_skills(bag: Bag, today: date, by: By = By.SPHERE) -> SkillMap:
    layout = bag.layout
    documents = read_documents(bag, (layout.skills, layout.activities, layout.people))
    activities = activities_model.read(documents.graph(layout.activities))
    skills = skills_model.read(documents.graph(layout.skills))
    standings = [standing(skill, activities, bag.owner, today) for skill in skills]
    names = agents.names(documents.graph(layout.people)) | agents.names(documents.graph(layout.skills))
    return SkillMap(skill_graph.graph(standings, names, bag.owner, today, by), documents.unreadable)
