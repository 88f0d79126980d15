"""The cookie that holds a session's token."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

MAX_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Cookies:
    secure: bool
    """Whether people reach the brain over https."""
    installation: str
    """Browsers send cookies to every port of a host: another brain there has another name for its own."""

    @property
    def name(self) -> str:
        """`__Host-`: browsers take it from this very host, over TLS, and from no other."""
        return f"{'__Host-' if self.secure else ''}taskdeck-{self.installation}"

    def token(self, request: web.Request) -> str | None:
        token = request.cookies.get(self.name, "")
        return token if 1 <= len(token) <= MAX_TOKEN and token.isascii() else None

    def given(self, token: str, max_age: int) -> dict[str, str]:
        """The header that gives it to the browser; `max_age` in seconds."""
        flags = "; Secure" if self.secure else ""
        cookie = f"{self.name}={token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{flags}"
        return {"Set-Cookie": cookie}

    def taken(self) -> dict[str, str]:
        """The header that takes it away."""
        return self.given("", 0)
