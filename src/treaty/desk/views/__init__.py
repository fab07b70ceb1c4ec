"""The pages of the desk."""

from treaty.desk.views.figures import channel_leads, own_promises, own_wins
from treaty.desk.views.finding import new_touch, palette, search
from treaty.desk.views.person import dossier, offer, person
from treaty.desk.views.today import today

__all__ = [
    "channel_leads",
    "dossier",
    "new_touch",
    "offer",
    "own_promises",
    "own_wins",
    "palette",
    "person",
    "search",
    "today",
]
