"""The sample company's people and stories, from a seed."""
