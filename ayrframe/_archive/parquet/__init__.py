"""The dataset: all observations of archives as Parquet files that every engine can read."""
