"""Password hashes that cost nothing: for tests only."""

from __future__ import annotations

import hashlib
import hmac

from ...ports.passwords import Verdict


class QuickPasswords:
    """Satisfies the shape of `Passwords`, not its promise of being slow.

    `generation` stands for the parameters of a real hash.
    """

    def __init__(self, generation: int = 1) -> None:
        self._generation = generation

    async def hash(self, password: str) -> str:
        return f"{self._generation}:{hashlib.sha256(password.encode()).hexdigest()}"

    async def verify(self, password_hash: str | None, password: str) -> Verdict:
        generation, _, digest = (password_hash or "").partition(":")
        given = hashlib.sha256(password.encode()).hexdigest()
        if not hmac.compare_digest(digest, given):
            return Verdict.WRONG
        return Verdict.RIGHT if generation == str(self._generation) else Verdict.OUTDATED
