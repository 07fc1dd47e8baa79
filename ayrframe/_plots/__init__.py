"""Plots: one file per plot, from a posts frame to a matplotlib Axes."""
