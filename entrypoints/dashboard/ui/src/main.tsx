import { render } from "preact";
import { settled } from "./api/client";
import { App } from "./app";
import { follow } from "./live/feed";
import { listenToKeys } from "./look/keys";
import { followLinks } from "./router";
import { findOut } from "./session";

const PATIENCE_MS = 250;

document.addEventListener("click", followLinks);
listenToKeys();
follow();
// What was asked for is often here by now: then the page is drawn once, with everything in it.
const begun = settled();
await Promise.race([Promise.all([findOut(), begun]), new Promise((end) => setTimeout(end, PATIENCE_MS))]);
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<App />, root);
}
