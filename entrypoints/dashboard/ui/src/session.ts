// Who is logged in, and what they may do.

import { computed, signal } from "@preact/signals";
import { ApiError, get, post, trust, whenLoggedOut } from "./api/client";
import type { Me, Membership, Role } from "./api/types";
import { toast } from "./parts/toasts";
import { navigate, path, present, project } from "./router";

const LEVELS: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

export const me = signal<Me | null>(null);
/** False until it is known whether somebody is logged in. */
export const known = signal(false);
export const unreachable = signal<string | null>(null);

const membershipIn = (slug: string): Membership | undefined =>
  me.value?.projects.find((each) => each.slug === slug);
export const membership = computed<Membership | undefined>(() => membershipIn(project.value));
export const isInstanceAdmin = computed(() => me.value?.user?.instance_admin ?? false);
export const may = (role: Role, slug = project.value): boolean =>
  LEVELS[membershipIn(slug)?.role ?? "viewer"] >= LEVELS[role];

let visited = "";
/** The project that is open, or was before the account's page: its pages stay in reach. */
export const nearest = computed(() => {
  if (membership.value) visited = project.value;
  return membershipIn(visited)?.slug ?? me.value?.projects[0]?.slug ?? "";
});

whenLoggedOut(() => {
  const was = me.value;
  me.value = null;
  if (was) goToLogin();
});

export async function findOut(): Promise<void> {
  try {
    const answer = await get<Me>("/me");
    trust(answer.csrf_token);
    me.value = answer;
    unreachable.value = null;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) {
      unreachable.value = error instanceof Error ? error.message : String(error);
    } else if (path.value !== "/login" && path.value !== "/setup") {
      const { open } = await get<{ open: boolean }>("/setup").catch(() => ({ open: false }));
      if (open) navigate("/setup", { replace: true });
      else goToLogin();
    }
  }
  known.value = true;
}

export async function logOut(): Promise<void> {
  try {
    await post("/logout");
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401))
      return void toast(`You are still logged in: ${(error as Error).message}`, "bad");
  }
  me.value = null;
  trust(null);
  navigate("/login");
}

function goToLogin(): void {
  const back = present();
  navigate(`/login${back === "/" ? "" : `?to=${encodeURIComponent(back)}`}`, { replace: true });
}
