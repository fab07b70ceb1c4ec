"""Lift, sizes and stopping: formulas over arrays."""
