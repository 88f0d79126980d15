"""Limits of the domain, as the settings give them."""

from __future__ import annotations

from ..domain.batching import BatchLimits
from ..domain.instants import MILLISECOND
from ..domain.logins import LoginLimits
from ..domain.redaction import Redactor
from ..domain.services.sessions import SessionLimits
from .settings import Settings
from .variables import split_names


def batch_limits(settings: Settings) -> BatchLimits:
    return BatchLimits(
        events=settings.batch_events,
        age=settings.batch_age_ms * MILLISECOND,
        high_water=5 * settings.batch_events,
    )


def session_limits(settings: Settings) -> SessionLimits:
    return SessionLimits(
        per_agent=settings.sessions_per_agent,
        idle_seconds=settings.agent_idle_seconds,
        heartbeat_seconds=settings.heartbeat_seconds,
        max_frame_bytes=settings.max_frame_bytes,
    )


def redactor(settings: Settings) -> Redactor:
    return Redactor(split_names(settings.redact_fields))


def login_limits(settings: Settings) -> LoginLimits:
    return LoginLimits(
        idle_seconds=60 * settings.login_idle_minutes, absolute_seconds=3_600 * settings.login_hours
    )
