"""The archive: raw pages on disk, and the posts frame out of them again."""
