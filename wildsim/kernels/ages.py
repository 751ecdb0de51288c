"""Ages that divide a life, for kernels and all that agree with them."""

from __future__ import annotations

#: Age from which people are retired and draw a pension (SSA), and from which they may work (ILO working age).
RETIREMENT_AGE, WORKING_AGE = 65.0, 15.0
#: Age from which people count as adults: they found households and are taxed.
ADULT_AGE = 18.0
