"""Synthetic posts of every platform, reproducible from a seed."""
