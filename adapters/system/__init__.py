"""The clock, randomness and log of this machine."""
