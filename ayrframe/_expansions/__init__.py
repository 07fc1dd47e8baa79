"""Expand nested columns into child tables."""
