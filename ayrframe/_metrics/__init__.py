"""Compute numbers that mean the same on every platform."""
