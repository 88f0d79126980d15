"""Advisory locks of this schema: two integers each, the first one ours."""

from __future__ import annotations

from typing import Final

FAMILY: Final = 0x7A346A
"""Any number that other users of the database do not use."""

MIGRATION: Final = [FAMILY, 1]
PARTITIONS: Final = [FAMILY, 2]
JOURNAL: Final = [FAMILY, 3]
OLD_EVENTS: Final = [FAMILY, 4]
FILING: Final = [FAMILY, 5]
UPKEEP: Final = [FAMILY, 6]
SUMS: Final = [FAMILY, 7]
KINDS: Final = [FAMILY, 8]
BOOKMARKS: Final = [FAMILY, 9]
