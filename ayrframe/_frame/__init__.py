"""Build, check and read the posts frame."""
