"""Deliberation: who of a society has another mind than the rules, what it is asked, and what becomes of the answer."""
