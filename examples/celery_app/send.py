"""Send a little work to the shop: `python send.py [how many orders]`."""

from __future__ import annotations

import random
import sys

from app import build_report, charge_card, confirm_order, send_invoice

orders = int(sys.argv[1]) if len(sys.argv) > 1 else 20
for order in range(1, orders + 1):
    confirm_order.delay(order, mail=f"customer{order}@example.com")
    charge_card.delay(order, random.randint(500, 100_000))
    send_invoice.delay(order)
build_report.delay("2026-11")
print(f"{3 * orders + 1} tasks sent")
