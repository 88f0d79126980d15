"""What every agent link works with."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.services.agent_tokens import AgentTokens
from ..domain.services.sessions import Sessions
from ..ports.metrics import Metrics
from ..ports.notices import Notices
from .link_wheel import LinkWheel


@dataclass(frozen=True, slots=True)
class LinkParts:
    sessions: Sessions
    tokens: AgentTokens
    notices: Notices
    metrics: Metrics
    wheel: LinkWheel
    max_frame_bytes: int
