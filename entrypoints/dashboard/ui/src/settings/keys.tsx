// API keys, for scripts and the command line.

import { useState } from "preact/hooks";
import { post, remove } from "../api/client";
import type { ApiKey } from "../api/types";
import { useLoad } from "../live/load";
import { now } from "../look/preferences";
import { Card } from "../parts/card";
import { Lines } from "../parts/copying";
import { Dialog } from "../parts/dialog";
import { Chip } from "../parts/marks";
import { Empty, Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { below } from "../place";
import { project } from "../router";
import { Field, InlineForm, RoleChoice, text } from "./form";

const DAYS = [
  ["", "never"],
  ["7", "in a week"],
  ["30", "in 30 days"],
  ["365", "in a year"],
] as const;

export function Keys() {
  const { data, error, reload } = useLoad<{ keys: ApiKey[] }>("/keys");
  const [made, setMade] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const keys = data?.keys.filter((key) => key.project === null || key.project === project.value) ?? [];

  async function create(form: FormData): Promise<void> {
    const days = Number(form.get("days"));
    const expires_at = days ? new Date(Date.now() + days * 86_400_000).toISOString() : null;
    const { key } = await post<{ key: string }>("/keys", {
      name: text(form, "name"),
      role: text(form, "role"),
      project: project.value,
      expires_at,
    });
    setMade(key);
    reload();
  }
  return (
    <>
      <Pending of={{ data, error, reload }} rows={3} />
      {data && (
        <Card title="API keys" flush>
          {data && !keys.length && (
            <Empty title="No key yet">
              <p>
                Keys are for scripts and the command line: <code>Authorization: Bearer …</code>
              </p>
            </Empty>
          )}
          {keys.length > 0 && (
            <Table
              label="API keys"
              stacked
              columns={["Name", "Role", "Holds in", "State", "Made", { hidden: "Acts" }]}
            >
              {keys.map((key) => (
                <tr key={key.id}>
                  <td>
                    <strong>{key.name}</strong> <code class="soft small">{key.prefix}…</code>
                  </td>
                  <td data-label="Role">{key.role}</td>
                  <td data-label="Holds in">{key.project ?? "every project"}</td>
                  <td class="line" data-label="State">
                    {key.revoked_at ? (
                      <Chip tone="odd" icon="slash">
                        revoked
                      </Chip>
                    ) : key.expires_at && Date.parse(key.expires_at) <= now.value ? (
                      <Chip tone="odd" icon="clock">
                        ended <Time at={key.expires_at} />
                      </Chip>
                    ) : key.expires_at ? (
                      <Chip tone="warn" icon="clock">
                        ends <Time at={key.expires_at} />
                      </Chip>
                    ) : (
                      <Chip tone="ok" icon="tick">
                        valid
                      </Chip>
                    )}
                  </td>
                  <td class="line" data-label="Made">
                    <Time at={key.created_at} />
                  </td>
                  <td>
                    {!key.revoked_at && (
                      <button class="small danger" onClick={() => setRevoking(key)}>
                        Revoke…
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )}
          <InlineForm label="Make a key" submit={create}>
            <Field name="name" label="Name" hint="deploy script" />
            <RoleChoice />
            <div class="field">
              <label for="field-days">Ends</label>
              <select id="field-days" name="days">
                {DAYS.map(([days, says]) => (
                  <option key={days} value={days}>
                    {says}
                  </option>
                ))}
              </select>
            </div>
          </InlineForm>
        </Card>
      )}
      {made && (
        <Dialog title="The new key" close={() => setMade(null)} keep>
          <div class="notice warn">Shown only now.</div>
          <Lines
            label="Key"
            text={`export TASKDECK_API_KEY=${made}\nexport Z4J_PUBLIC_URL=${location.origin}${below("")}\ntaskdeck tasks list`}
          />
        </Dialog>
      )}
      {revoking && (
        <Dialog
          title={`Revoke ${revoking.name}`}
          close={() => setRevoking(null)}
          act={{
            label: "Revoke",
            danger: true,
            run: async () => {
              await remove(`/keys/${revoking.id}`);
              reload();
            },
          }}
        >
          <p>Whatever uses it is refused from now on.</p>
        </Dialog>
      )}
    </>
  );
}
