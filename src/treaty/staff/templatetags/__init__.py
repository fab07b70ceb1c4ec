"""Filters of staff's pages."""
