"""The database engine that `kit.environment` names for PostgreSQL."""
