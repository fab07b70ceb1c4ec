"""Why a lead may be handed on; each excuses the clock of whoever had it, and is counted apart."""

CAUSES = ("declined", "absent", "wrong_team", "head")
