"""Draw tables of posts with matplotlib, one module per plot."""
