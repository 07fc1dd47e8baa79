"""A report for readers, as one HTML page."""
