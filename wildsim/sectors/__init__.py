"""What happens in the economy: one file a sector, executing what was decided."""
