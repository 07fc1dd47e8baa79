"""Decode JSON bytes to Arrow tables."""
