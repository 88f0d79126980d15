// Credentials of applications. The secrets are shown once, as the lines to paste.

import { useState } from "preact/hooks";
import { post, remove } from "../api/client";
import type { Agent, Minted } from "../api/types";
import { Start } from "../engines/connect";
import { useLoad } from "../live/load";
import { Card } from "../parts/card";
import { Lines } from "../parts/copying";
import { Dialog } from "../parts/dialog";
import { Chip } from "../parts/marks";
import { Empty, Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { below } from "../place";
import { project } from "../router";
import { Field, InlineForm, text } from "./form";

const DAY_SECONDS = 86_400;

export function Agents() {
  const path = `/projects/${project.value}/agents`;
  const { data, error, reload } = useLoad<{ agents: Agent[] }>(path, { topics: ["workers"] });
  const [minted, setMinted] = useState<Minted | null>(null);
  const [asked, setAsked] = useState<[Agent, "rotate" | "revoke"] | null>(null);
  const agents = [...(data?.agents ?? [])].sort((a, b) => Number(!!a.revoked_at) - Number(!!b.revoked_at));
  return (
    <>
      <Pending of={{ data, error, reload }} rows={3} />
      {data && (
        <Card title="Agents" flush>
          {data && !agents.length && (
            <Empty title="No agent yet">
              <p>
                An agent is the credential of one application. Many workers may share it. Name it after the
                application.
              </p>
            </Empty>
          )}
          {agents.length > 0 && (
            <Table label="Agents" stacked columns={["Name", "State", "Made", { hidden: "Acts" }]}>
              {agents.map((agent) => (
                <tr key={agent.id}>
                  <td>
                    <strong>{agent.name}</strong> <code class="soft small">{agent.id.slice(0, 8)}</code>
                  </td>
                  <td class="line" data-label="State">
                    {agent.revoked_at ? (
                      <Chip tone="odd" icon="slash">
                        revoked
                      </Chip>
                    ) : agent.old_token_ends_at ? (
                      <Chip tone="warn" icon="clock">
                        old token ends <Time at={agent.old_token_ends_at} />
                      </Chip>
                    ) : (
                      <Chip tone="ok" icon="tick">
                        valid
                      </Chip>
                    )}
                  </td>
                  <td class="line" data-label="Made">
                    <Time at={agent.created_at} />
                  </td>
                  <td class="line">
                    {!agent.revoked_at && (
                      <div class="row end">
                        <button class="small" onClick={() => setAsked([agent, "rotate"])}>
                          New token…
                        </button>
                        <button class="small danger" onClick={() => setAsked([agent, "revoke"])}>
                          Revoke…
                        </button>
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )}
          <InlineForm
            label="Make credentials"
            submit={async (form) => {
              setMinted(await post<Minted>(path, { name: text(form, "name") }));
              reload();
            }}
          >
            <Field name="name" label="Application" hint="shop" />
          </InlineForm>
        </Card>
      )}
      {minted && <Secrets minted={minted} close={() => setMinted(null)} />}
      {asked?.[1] === "rotate" && (
        <Dialog
          title={`New token for ${asked[0].name}`}
          close={() => setAsked(null)}
          act={{
            label: "Make it",
            run: async () => {
              setMinted(
                await post<Minted>(`${path}/${asked[0].id}/tokens`, { overlap_seconds: DAY_SECONDS }),
              );
              reload();
            },
          }}
        >
          <p>The old token goes on for a day, so that workers can be given the new one in peace.</p>
        </Dialog>
      )}
      {asked?.[1] === "revoke" && (
        <Dialog
          title={`Revoke ${asked[0].name}`}
          close={() => setAsked(null)}
          act={{
            label: "Revoke",
            danger: true,
            run: async () => {
              await remove(`${path}/${asked[0].id}`);
              reload();
            },
          }}
        >
          <p>Its workers are disconnected at once and cannot come back. What they reported stays.</p>
        </Dialog>
      )}
    </>
  );
}

function Secrets({ minted, close }: { minted: Minted; close: () => void }) {
  const lines = [
    `Z4J_BRAIN_URL=${location.origin}${below("")}`,
    `Z4J_TOKEN=${minted.token}`,
    `Z4J_PROJECT_ID=${project.value}`,
    `Z4J_HMAC_SECRET=${minted.hmac_secret}`,
  ]
    .map((line) => `export ${line}`)
    .join("\n");
  return (
    <Dialog title={`Credentials of ${minted.agent.name}`} close={close} keep>
      {minted.advice?.map((line) => (
        <div class="notice warn" key={line}>
          {line}
        </div>
      ))}
      <div class="notice warn">Shown only now. Put them into the environment of the workers.</div>
      <Lines text={lines} label="Lines to paste" />
      <Start />
    </Dialog>
  );
}
