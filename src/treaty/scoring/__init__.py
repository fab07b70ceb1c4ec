"""How well a person fits and how engaged they are, with reasons."""
