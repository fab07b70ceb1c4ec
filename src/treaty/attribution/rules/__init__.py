"""Credit for conversions shared out over the touches before them: exact, over arrays, without a database."""
