"""Media mix: which share of sales each medium brought, and where the next budget goes."""
