"""The rules: what each role decides when no other mind does. One file a role."""
