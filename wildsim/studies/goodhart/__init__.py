"""What becomes of a goal when a measure of it is optimised: the gap between both, and where it comes from."""
