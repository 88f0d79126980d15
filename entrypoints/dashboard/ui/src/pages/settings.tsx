// Agents, members, keys, projects, users: who may connect, look and act; and how long data is kept.

import { ApiError } from "../api/client";
import { SETTINGS } from "../navigation";
import { PageHead } from "../parts/card";
import { Problem } from "../parts/placeholders";
import { Tabs } from "../parts/tabs";
import { param, setQuery } from "../router";
import { isInstanceAdmin, may } from "../session";
import { Agents } from "../settings/agents";
import { Keys } from "../settings/keys";
import { Members } from "../settings/members";
import { ProjectSettings } from "../settings/projects";
import { Retention } from "../settings/retention";
import { Users } from "../settings/users";

const PARTS = {
  agents: Agents,
  members: Members,
  keys: Keys,
  project: ProjectSettings,
  retention: Retention,
  users: Users,
};
type Part = keyof typeof PARTS;

export function Settings() {
  const part = (Object.hasOwn(PARTS, param("part")) ? param("part") : "agents") as Part;
  const Shown = PARTS[part];
  if (!may("admin"))
    return (
      <>
        <PageHead title="Settings" />
        <Problem error={new ApiError(403, "forbidden", "Settings take the role admin.")} />
      </>
    );
  return (
    <>
      <PageHead title="Settings">
        <div class="push">
          <Tabs
            label="Part"
            options={isInstanceAdmin.value ? [...SETTINGS, ["users", "Users"] as const] : SETTINGS}
            value={part}
            choose={(value) => setQuery({ part: value === "agents" ? null : value })}
          />
        </div>
      </PageHead>
      <Shown />
    </>
  );
}
