"""The sample company: an installation of its own with a believable history."""
