"""Two interactions held against each other: whether they meet, at which reasoner level, and if not, why not."""
