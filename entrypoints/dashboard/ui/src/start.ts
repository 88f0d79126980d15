// Runs before the rest is here: asks for what the page at this address shows first, and fetches its code.

import { begin } from "./api/client";
import { firstLoads } from "./first";
import { within } from "./place";

begin("/me");
const loads = firstLoads(within(location.pathname) ?? "/", new URLSearchParams(location.search), Date.now());
for (const { path, query } of loads.asks) begin(path, query);
// The chart says it if this fails.
if (loads.charts) import("./charts/plot").catch(() => undefined);
import("./main").catch((error: unknown) => {
  const root = document.getElementById("app");
  if (root) root.textContent = `The dashboard could not be loaded: ${String(error)}. Load this page again.`;
});
