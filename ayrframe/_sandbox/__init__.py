"""Serve synthetic posts on the local host with the behaviour of the documented API."""
