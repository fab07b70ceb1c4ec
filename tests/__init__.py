"""Tests that no noun owns: architecture, documentation, customer stories, faults; and the harness of them all."""
