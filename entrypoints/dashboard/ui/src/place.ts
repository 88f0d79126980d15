// Where the brain is served: at the root of a host, or below a path that a proxy takes away.

const PREFIX = new URL(import.meta.url).pathname.replace(/\/assets\/[^/]*$/, "");

/** The address for browsers of a path of the brain's. */
export const below = (path: string): string => PREFIX + path;

/** The brain's path in an address of the browser's; null for a page of somebody else. */
export function within(path: string): string | null {
  if (!PREFIX) return path;
  return path === PREFIX ? "/" : path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length) : null;
}

/** Where to go after the log-in: a page of ours as the address bar writes it, or the start. */
export const pageBehind = (to: string): string => (/^\/(?![/\\]|login\b|setup\b)[!-~]*$/.test(to) ? to : "/");
