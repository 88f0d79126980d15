"""What operators can order (agent-protocol.md §8): one specification per action.

`prepare` turns what an operator asked for into exactly what will be sent, or refuses it.
"""

from __future__ import annotations

from .catalogue import ACTIONS, find, prepare
from .orders import OrderRequest, PreparedOrder

__all__ = ["ACTIONS", "OrderRequest", "PreparedOrder", "find", "prepare"]
