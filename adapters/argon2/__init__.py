"""Passwords hashed with argon2id."""
