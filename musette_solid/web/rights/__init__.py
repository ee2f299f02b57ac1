"""Rights: at a glance, one with its reasons, what is nearly there, what a change would do, facts, deadlines, proposals."""

from musette_solid.web.rights import calendar, facts, glance, proposals, supposing, timeline, trying
from musette_solid.web.rights.blueprint import bp

__all__ = ["bp", "calendar", "facts", "glance", "proposals", "supposing", "timeline", "trying"]
