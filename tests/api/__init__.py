"""The REST API as a whole: who may call it, what it answers, and that nothing one sends breaks it."""
