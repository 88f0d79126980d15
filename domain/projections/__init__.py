"""Views folded from events: (state, event) -> state."""
