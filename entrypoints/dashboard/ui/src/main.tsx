import { render } from "preact";
import { App } from "./app";
import { follow } from "./live/feed";
import { listenToKeys } from "./look/keys";
import { followLinks } from "./router";
import { findOut } from "./session";

document.addEventListener("click", followLinks);
listenToKeys();
follow();
void findOut();
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<App />, root);
}
