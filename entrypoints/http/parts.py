"""What the API works with."""

from __future__ import annotations

from dataclasses import dataclass

from ...domain.services.agents import Agents
from ...domain.services.bookmarks import Bookmarks
from ...domain.services.bulks import Bulks
from ...domain.services.checkup import Checkup
from ...domain.services.commands import Commands
from ...domain.services.exports import Exports
from ...domain.services.failures import Failures
from ...domain.services.keys import Keys
from ...domain.services.logins import Logins
from ...domain.services.names import Names
from ...domain.services.projects import Projects
from ...domain.services.queries import Queries
from ...domain.services.retention import Retention
from ...domain.services.sessions import Sessions
from ...domain.services.users import Users
from ...ports.clock import Clock
from ...ports.codec import Codec
from ...ports.notices import Notices
from .cookies import Cookies
from .gate import Gate
from .identify import Identify


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    projects: Projects
    agents: Agents
    keys: Keys
    users: Users
    names: Names
    logins: Logins
    cookies: Cookies
    identify: Identify
    queries: Queries
    failures: Failures
    exports: Exports
    commands: Commands
    bulks: Bulks
    bookmarks: Bookmarks
    sessions: Sessions
    checkup: Checkup
    retention: Retention
    clock: Clock
    codec: Codec
    notices: Notices
    gate: Gate
    version: str
