"""Write and read datasets: the observations of archives as Parquet files that every engine can read."""
