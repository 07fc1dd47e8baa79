"""Store raw pages in an archive, read them as posts frames, and write them to Parquet datasets."""
