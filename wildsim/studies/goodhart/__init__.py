"""`wildsim goodhart`: how a reward and what was meant part under pressure, where to stop, and by which mechanism."""
