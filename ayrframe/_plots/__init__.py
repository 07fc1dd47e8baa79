"""One file per plot: a posts frame in, a matplotlib Axes out."""
