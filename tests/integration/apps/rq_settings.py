"""What the RQ worker under test loads: the agent, as its package says."""

from __future__ import annotations

from z4j_rq import register_worker_bootstrap

register_worker_bootstrap()
