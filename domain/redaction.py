"""A second redaction, of what agents let through: values of fields with telling names.

Agents redact before they send. This catches older agents and ones that were told not to, before
anything is stored. What is found by its name in structured values is gone whatever its form; in text,
such as a traceback or the repr of a result, see `redacted_text`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from .canonical import FastCodec
from .redacted_text import BY_AGENT, REDACTED, text_redactor

DEFAULT_NAMES = (
    "*password*", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "authorization",
    "cookie", "cookies", "api_key", "access_key", "private_key", "credential", "credentials",
    "card_number", "cvv",
)  # fmt: skip
LEAST_LETTERS = 3
KNOWN_KEYS = 4_096
LONGEST_KNOWN = 64
HEAD = 4
_SMALL = bytes(range(256)).lower()
_NAME = re.compile(r"\*?[a-z0-9]+(?:_[a-z0-9]+)*\*?")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Redactor:
    """Knows the names: words in a key that follow each other, as in `db_password`, `apiKey` or
    `X-Api-Key`; with `*` at an end of a name also parts of words."""

    __slots__ = ("_hints", "_is_named", "_redact_text")

    def __init__(self, names: Sequence[str] = ()) -> None:
        """Without names nothing is redacted. Raises ValueError for what is no name."""
        for name in names:
            if not _NAME.fullmatch(name) or len(name.strip("*")) < LEAST_LETTERS:
                raise ValueError(
                    f"{name!r} is no name of at least {LEAST_LETTERS} small letters or digits, "
                    "with _ between words and * at its ends"
                )
        key = re.compile("|".join(map(_as_expression, names)))
        self._is_named = lru_cache(KNOWN_KEYS)(partial(_is_named, key))
        bare = [name.strip("*") for name in names]
        written = [name.replace("_", joint) for name in bare for joint in ("_", "-", "")]
        self._redact_text = text_redactor(_shortest(written))
        self._hints = _hints(_shortest([name.replace("_", "") for name in bare]))

    def document(
        self, data: Mapping[str, Any], raw: bytes, codec: FastCodec
    ) -> tuple[Mapping[str, Any], bytes]:
        """The document and its JSON text; the same ones where there is nothing to redact."""
        if not self._suspects(raw):
            return data, raw
        cleaned = self._cleaned(data)
        return (data, raw) if cleaned is data else (cleaned, codec.dumps(cleaned))

    def value(self, value: Any) -> Any:
        """The value, or a copy without what is to be redacted."""
        return self._cleaned(value) if self._hints else value

    def _suspects(self, raw: bytes) -> bool:
        """Whether any name may occur; settles almost every event."""
        # Searching in text is thrice as quick as in bytes; of Latin-1 each byte is a letter.
        letters = raw.translate(_SMALL, b"-_").decode("latin-1")
        for hint in self._hints:  # noqa: SIM110, a generator would cost more than the search
            if hint in letters:
                return True
        return False

    def _cleaned(self, value: Any) -> Any:
        """`value` itself where nothing changes."""
        if isinstance(value, str):
            return self._redact_text(value)
        if isinstance(value, dict):
            return self._cleaned_object(value)
        if isinstance(value, list):
            items = [self._cleaned(item) for item in value]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return value if same else items
        return value

    def _cleaned_object(self, value: dict[str, Any]) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        for key, item in value.items():
            # Agents choose the keys: long ones are not remembered.
            named = self._is_named if len(key) <= LONGEST_KNOWN else self._is_named.__wrapped__
            new = REDACTED if named(key) and _tells(item) else self._cleaned(item)
            if new is not item:
                changed[key] = new
        return {**value, **changed} if changed else value


def _as_expression(name: str) -> str:
    """The name within a key of small letters and `_`."""
    before = "" if name.startswith("*") else r"(?<![a-z0-9])"
    after = "" if name.endswith("*") else r"(?![a-z0-9])"
    return before + name.strip("*").replace("_", "_?") + after


def _is_named(key: re.Pattern[str], text: str) -> bool:
    return key.search(_HUMP.sub("_", text).lower().replace("-", "_")) is not None


def _shortest(stems: Sequence[str]) -> tuple[str, ...]:
    """Without those that hold another one."""
    distinct = list(dict.fromkeys(stems))
    return tuple(s for s in distinct if not any(o != s and o in s for o in distinct))


def _hints(stems: Sequence[str]) -> tuple[str, ...]:
    """What at least one of must occur where any of the stems does; few, for each costs a search."""
    heads = Counter(stem[:HEAD] for stem in stems)
    hints = [stem[:HEAD] if heads[stem[:HEAD]] > 1 else stem for stem in stems]
    return tuple(dict.fromkeys(hints))


def _tells(value: Any) -> bool:
    """Whether a value says anything, and nobody has redacted it."""
    if isinstance(value, str):
        return value != "" and not value.startswith((BY_AGENT, REDACTED))
    return value is not None and not isinstance(value, bool)


UNREDACTED = Redactor()
