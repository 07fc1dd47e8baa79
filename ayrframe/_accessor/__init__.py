"""frame.ayr: a table of contents. A file holds the verbs of one kind; each is one call, and nothing is kept."""
