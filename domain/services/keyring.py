"""The secrets of this installation, and the keys derived from them."""

from __future__ import annotations

import base64
import hmac
from uuid import UUID

from ..ids import ProjectId
from ..signing import Signer, derive_project_key


class Keyring:
    """Derives each project's signing key once and shares it among all its sessions."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._signers: dict[ProjectId, Signer] = {}
        self.token_secret = hmac.digest(master, b"taskdeck-token-hash-v1", "sha256")
        """Keys the hashes of agent tokens and API keys."""
        self.fingerprint = hmac.digest(master, b"taskdeck-fingerprint-v1", "sha256").hex()
        """Tells whether two secrets are the same, and nothing else of them."""

    @property
    def setup_token(self) -> str:
        """What the first user is made with. Every replica knows it, and none has to keep it."""
        digest = hmac.digest(self._master, b"taskdeck-setup-v1", "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def is_setup_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.setup_token.encode())

    def id_of(self, name: str) -> str:
        """The id of something that an installation has once; unlike that of any other one."""
        digest = hmac.digest(self._master, b"taskdeck-id-v1:" + name.encode(), "sha256")
        return str(UUID(bytes=digest[:16], version=4))

    def project_key(self, project_id: ProjectId) -> bytes:
        return derive_project_key(self._master, project_id)

    def signer(self, project_id: ProjectId) -> Signer:
        signer = self._signers.get(project_id)
        if signer is None:
            signer = self._signers[project_id] = Signer(self.project_key(project_id))
        return signer
