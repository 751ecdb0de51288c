"""The tables of a society, its ledger and its history."""
