"""One folder a technology; each keeps the promises of the ports it serves."""
