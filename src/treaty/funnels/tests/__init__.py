"""Tests of funnels and cohorts."""
