"""What the rows of a file mean, without reading any file."""
