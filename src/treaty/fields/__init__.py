"""Fields that a company defines for itself on persons, companies and deals, and their values."""
