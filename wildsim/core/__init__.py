"""Ground floor: errors, registries, tables, keyed randomness, clock, parameters. Knows nothing of society."""
