"""Both sides' promises and the shared goal between them."""
