"""What `render_accounts` answers."""

from __future__ import annotations

from ...domain.access import Role
from .schema import FLAG, OBJECT, TEXT, TIME, WHOLE, list_of, nullable, object_of, one_of

ROLE = one_of(Role)
PROJECT = object_of("Project", id=TEXT, slug=TEXT, name=TEXT, created_at=TIME)
MEMBERSHIP = object_of("Membership", slug=TEXT, name=TEXT, role=nullable(ROLE))
USER = object_of(
    "User",
    id=TEXT,
    username=TEXT,
    name=TEXT,
    instance_admin=FLAG,
    created_at=TIME,
    disabled=FLAG,
)
MEMBER = object_of("Member", user=object_of(id=TEXT, username=TEXT, name=TEXT), role=ROLE)
AGENT = object_of(
    "Agent",
    id=TEXT,
    project_id=TEXT,
    name=TEXT,
    created_at=TIME,
    revoked_at=nullable(TIME),
    old_token_ends_at=nullable(TIME),
)
MINTED = object_of("MintedAgent", agent=AGENT, token=TEXT, hmac_secret=TEXT, advice=list_of(TEXT))
KEY = object_of(
    "ApiKey",
    id=TEXT,
    name=TEXT,
    role=ROLE,
    prefix=TEXT,
    project=nullable(TEXT),
    created_at=TIME,
    created_by=TEXT,
    expires_at=nullable(TIME),
    revoked_at=nullable(TIME),
)
CREATED_KEY = object_of("CreatedApiKey", key=TEXT, record=KEY)
WELCOME = object_of("Welcome", user=USER, csrf_token=TEXT)
ME = object_of(
    "Me",
    user=nullable(USER),
    key=nullable(KEY),
    csrf_token=nullable(TEXT),
    projects=list_of(MEMBERSHIP),
)
ENTRY = object_of(
    "AuditEntry",
    stream=TEXT,
    stream_name=TEXT,
    version=WHOLE,
    kind=TEXT,
    at=TIME,
    actor=TEXT,
    actor_name=TEXT,
    address=nullable(TEXT),
    data=OBJECT,
    hash=TEXT,
)
