"""What posts say when they are read side by side: one question a file, a posts frame in, a table out."""
