"""The documentation as tests: what is generated is fresh, and what it links to exists."""
