"""Unfold nested columns into child tables."""
