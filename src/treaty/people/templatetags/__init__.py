"""Template filters of people."""
