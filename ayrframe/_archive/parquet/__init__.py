"""The data set: all observations of an archive as Parquet files, for every engine that reads Parquet."""
