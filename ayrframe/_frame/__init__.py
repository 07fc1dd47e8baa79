"""Build, validate and describe the posts frame."""
