"""The seam: offer, accept, return; clocks and routing."""
