"""Use cases: asynchronous, written against ports only."""
