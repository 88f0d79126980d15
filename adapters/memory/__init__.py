"""Every port in memory: the reference model, and quick tests."""
