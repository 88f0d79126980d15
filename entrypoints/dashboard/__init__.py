"""The web dashboard: its sources in `ui/`, their build, and the routes that serve the bundle."""
