"""The query language of task lists: text to terms, terms to text, and what they mean of a task."""

from __future__ import annotations

from .meaning import meaning_of
from .parser import parse_query
from .printing import print_query
from .shortcuts import filtered
from .terms import Query

__all__ = ["Query", "filtered", "meaning_of", "parse_query", "print_query"]
