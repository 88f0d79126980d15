"""Who may do what: projects, agents, API keys, users, and whoever calls."""

from .agents import AgentRecord, AgentToken
from .callers import Caller
from .keys import KeyRecord
from .names import MAX_NAME, checked_name
from .projects import Project
from .records import (
    ACCOUNT_KINDS,
    AccountRecord,
    account_from_data,
    account_to_data,
    fold_account,
    lookups_of,
    name_of,
)
from .roles import Role
from .tokens import hash_token
from .users import User

__all__ = [
    "ACCOUNT_KINDS",
    "MAX_NAME",
    "AccountRecord",
    "AgentRecord",
    "AgentToken",
    "Caller",
    "KeyRecord",
    "Project",
    "Role",
    "User",
    "account_from_data",
    "account_to_data",
    "checked_name",
    "fold_account",
    "hash_token",
    "lookups_of",
    "name_of",
]
