// Runs before the first paint, so that nobody sees a flash of the other theme. The bundle calls it
// again after a change: a script that runs this early shares no module with it.

declare global {
  interface Window {
    wearTheme: (chosen: string | null) => void;
  }
}

window.wearTheme = (chosen) => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme =
    chosen === "light" || chosen === "dark" ? chosen : dark ? "dark" : "light";
};
window.wearTheme(localStorage.getItem("taskdeck.theme"));
export {};
