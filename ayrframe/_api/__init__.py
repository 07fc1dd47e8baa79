"""Load posts from the API: requests, retries, rate limits, pagination, and several loads at the same time."""
