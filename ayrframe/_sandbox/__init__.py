"""A local server that behaves as the documented API, on synthetic posts."""
