"""Prompt templates, one text file a role; see wildsim.minds.prompt for the places."""
