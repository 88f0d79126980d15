"""Registry and bus of a brain that runs as one process."""
