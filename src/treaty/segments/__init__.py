"""One predicate language over persons."""
