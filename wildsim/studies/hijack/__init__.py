"""Hijack: how many of those who answer a survey must lie before the verdict on a policy turns, and who would notice.

A society lives without and with a policy on the same seeds. The same people answer in both; some of those who answer
once the policy is there lie, to turn the sign of its effect.
"""
