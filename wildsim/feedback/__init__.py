"""Feedback: what those who are to improve the society are rewarded with. It reads sensors alone, never the truth."""
