"""Opportunities with value and close date on their road."""
