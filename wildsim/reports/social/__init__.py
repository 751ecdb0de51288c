"""One picture a social sector."""
