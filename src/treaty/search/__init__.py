"""The words by which records are found; see README.md."""
