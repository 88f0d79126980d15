// What is around every page: pages to go to, the light of the connection, theme and zone, help.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { heardAt, light, lightReason } from "./live/feed";
import { moment } from "./look/format";
import { HELD, helpOpen, shortcuts, useShortcuts } from "./look/keys";
import { nextTheme, swapZone, theme, zone } from "./look/preferences";
import { PAGES } from "./navigation";
import { openPalette, Palette, paletteOpen } from "./palette/palette";
import { Dialog } from "./parts/dialog";
import { Icon, Logo } from "./parts/icons";
import { below } from "./place";
import { at, navigate, param, path, project, route, to } from "./router";
import { logOut, may, me, nearest } from "./session";

export function Shell({ children }: { children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path.value]);
  const here = route.value[0] ?? "";
  const title =
    path.value === "/account"
      ? "Account"
      : here === "types"
        ? param("name") || "Task type"
        : PAGES.find(([page]) => page === here)?.[1];
  useEffect(() => {
    document.title = [title, project.value, "Taskdeck"].filter(Boolean).join(" · ");
  }, [title, project.value]);
  useShortcuts(
    [
      ...PAGES.filter(([, , , , role]) => may(role, nearest.value)).map(([page, text, , key]) => ({
        keys: `g ${key}`,
        does: `Go to ${text.toLowerCase()}`,
        act: () => nearest.value && navigate(to(page, {}, nearest.value)),
      })),
      { keys: "t", does: "Change the theme", act: nextTheme },
      { keys: "u", does: "Local time or UTC", act: swapZone },
      { keys: `${HELD} k`, does: "Go to anything", act: openPalette },
      { keys: "?", does: "Show the keys", act: () => void (helpOpen.value = true) },
    ],
    [nearest.value, me.value],
  );

  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <div class="top">
        <button class="quiet icon" aria-label="Pages" aria-expanded={open} onClick={() => setOpen(true)}>
          <Icon name="menu" />
        </button>
        <a class="brand" href={below("/")}>
          <Logo />
          Taskdeck
        </a>
        <Light />
        <button class="quiet icon" aria-label="Go to a page, a task, a queue …" onClick={openPalette}>
          <Icon name="search" />
        </button>
      </div>
      {open && <button class="veil" aria-label="Close the menu" onClick={() => setOpen(false)} />}
      <Side open={open} />
      <div class="grow">
        {light.value === "offline" && (
          <div class="banner" role="status">
            <Icon name="alert" />
            <span class="grow">
              {lightReason.value} Trying again. What you see is of{" "}
              {moment(new Date(heardAt.value).toISOString(), { utc: zone.value === "utc", day: false })}.
            </span>
          </div>
        )}
        <main class="content" id="content">
          {children}
        </main>
      </div>
      {helpOpen.value && <Help />}
      {paletteOpen.value && <Palette close={() => void (paletteOpen.value = false)} />}
    </div>
  );
}

function Side({ open }: { open: boolean }) {
  const here = route.value[0] ?? "";
  const projects = me.value?.projects ?? [];
  return (
    <aside class={`side ${open ? "open" : ""}`}>
      <a class="brand" href={below("/")}>
        <Logo />
        Taskdeck
      </a>
      {projects.length > 0 && (
        <select
          aria-label="Project"
          value={nearest.value}
          onChange={(event) => navigate(`/p/${encodeURIComponent(event.currentTarget.value)}`)}
        >
          {!nearest.value && <option value="">Choose a project</option>}
          {projects.map((each) => (
            <option key={each.slug} value={each.slug}>
              {each.name}
            </option>
          ))}
        </select>
      )}
      <button class="jump" onClick={openPalette}>
        <Icon name="search" />
        Go to…<kbd>{HELD} K</kbd>
      </button>
      <nav aria-label="Pages">
        {nearest.value &&
          PAGES.filter(([, , , , role]) => may(role, nearest.value)).map(([page, text, icon]) => (
            <a
              class="page"
              key={page}
              href={at(page, {}, nearest.value)}
              aria-current={
                page === (here === "types" ? "tasks" : here) && path.value.startsWith("/p/")
                  ? "page"
                  : undefined
              }
            >
              <Icon name={icon} />
              {text}
            </a>
          ))}
      </nav>
      <div class="foot">
        <Light />
        <div class="tools">
          <button
            class="quiet icon"
            onClick={nextTheme}
            aria-label={`Theme: ${theme.value}`}
            title={`Theme: ${theme.value}`}
          >
            <Icon name={theme.value === "dark" ? "moon" : theme.value === "light" ? "sun" : "screen"} />
          </button>
          <button
            class="quiet"
            onClick={swapZone}
            aria-label={`Times are in ${zone.value === "utc" ? "UTC" : "local time"}; change`}
          >
            {zone.value === "utc" ? "UTC" : "Local"}
          </button>
          <button
            class="quiet icon"
            aria-label="Keys"
            title="Keys (?)"
            onClick={() => void (helpOpen.value = true)}
          >
            <Icon name="question" />
          </button>
        </div>
        <a class="page" href={below("/account")}>
          <Icon name="people" />
          <span class="clip">{me.value?.user?.name || me.value?.user?.username || "Account"}</span>
        </a>
        <button class="quiet" onClick={() => void logOut()}>
          <Icon name="out" />
          Log out
        </button>
      </div>
    </aside>
  );
}

function Light() {
  if (!project.value) return null;
  const words = { live: "Live", connecting: "Connecting", offline: "Offline" }[light.value];
  return (
    <div
      class={`light ${light.value}`}
      role="status"
      title={lightReason.value || "Changes arrive as they happen."}
    >
      <Icon name={light.value === "live" ? "tick" : light.value === "connecting" ? "half" : "cross"} />
      {words}
    </div>
  );
}

function Help() {
  return (
    <Dialog title="Keys" close={() => void (helpOpen.value = false)}>
      <dl class="keys">
        {shortcuts().map(({ keys, does }) => [
          <dt key={keys}>
            {keys.split(" ").map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>,
          <dd key={does}>{does}</dd>,
        ])}
      </dl>
    </Dialog>
  );
}
