"""`wildsim optimise`: levers that a reward asks for, and what the sealed indicators say of them."""
