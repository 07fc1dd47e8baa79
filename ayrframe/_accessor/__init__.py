"""Define the methods of `posts.ayr`, by topic; each calls a function of a lower layer."""
