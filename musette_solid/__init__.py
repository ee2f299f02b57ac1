"""La Musette: one's activities, skills and rights, in one's own pod."""
