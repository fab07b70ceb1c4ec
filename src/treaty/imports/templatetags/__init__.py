"""Filters of the pages of imports."""
