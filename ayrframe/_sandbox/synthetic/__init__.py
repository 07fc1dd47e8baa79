"""Generate synthetic posts of every platform, reproducibly from a seed."""
