"""Planning: the search for better policies, and what selecting by a noisy measure does to what was meant."""
