// Who may look at this project, and who may act in it.

import { put, remove } from "../api/client";
import type { FullUser, Member, Role } from "../api/types";
import { useLoad } from "../live/load";
import { Card } from "../parts/card";
import { Empty, Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { toast } from "../parts/toasts";
import { project } from "../router";
import { isInstanceAdmin } from "../session";
import { Field, InlineForm, RoleChoice, text } from "./form";

const ROLES: Role[] = ["viewer", "operator", "admin"];

export function Members() {
  const path = `/projects/${project.value}/members`;
  const { data, error, reload } = useLoad<{ members: Member[] }>(path);
  const users = useLoad<{ users: FullUser[] }>(isInstanceAdmin.value ? "/users" : null);
  const inside = new Set(data?.members.map((member) => member.user.id));
  const others = users.data?.users.filter((user) => !inside.has(user.id) && !user.disabled) ?? [];
  const act = (done: Promise<unknown>, says: string) =>
    done.then(
      () => {
        toast(says);
        reload();
      },
      (failure: Error) => {
        toast(failure.message, "bad");
        reload();
      },
    );
  return (
    <>
      <Pending of={{ data, error, reload }} rows={3} />
      {data && (
        <Card
          title="Members"
          flush
          footer="Administrators of the instance have the role admin in every project."
        >
          {data && !data.members.length && (
            <Empty title="No member yet">
              <p>Make users under Users, and give them a role here.</p>
            </Empty>
          )}
          {!!data?.members.length && (
            <Table label="Members" stacked columns={["User", "Role", { hidden: "Acts" }]}>
              {data.members.map(({ user, role }) => (
                <tr key={user.id}>
                  <td>
                    <strong>{user.name || user.username}</strong> <span class="soft">{user.username}</span>
                  </td>
                  <td data-label="Role">
                    <select
                      aria-label={`Role of ${user.username}`}
                      value={role}
                      onChange={(event) =>
                        void act(
                          put(`${path}/${user.id}`, { role: event.currentTarget.value }),
                          `${user.username} is ${event.currentTarget.value} now`,
                        )
                      }
                    >
                      {ROLES.map((each) => (
                        <option key={each}>{each}</option>
                      ))}
                    </select>
                  </td>
                  <td>
                    <button
                      class="small danger"
                      onClick={() =>
                        void act(remove(`${path}/${user.id}`), `${user.username} is no member any more`)
                      }
                    >
                      Remove
                    </button>
                  </td>
                </tr>
              ))}
            </Table>
          )}
          {!isInstanceAdmin.value && (
            <InlineForm
              label="Add the member"
              submit={async (form) => {
                await put(`${path}/${encodeURIComponent(text(form, "username"))}`, {
                  role: text(form, "role"),
                });
                reload();
              }}
            >
              <Field name="username" label="User name" autocomplete="off" />
              <RoleChoice />
            </InlineForm>
          )}
          {others.length > 0 && (
            <InlineForm
              label="Add the member"
              submit={async (form) => {
                await put(`${path}/${text(form, "user")}`, { role: text(form, "role") });
                reload();
              }}
            >
              <div class="field">
                <label for="field-user">User</label>
                <select id="field-user" name="user">
                  {others.map((user) => (
                    <option key={user.id} value={user.id}>
                      {user.name || user.username}
                    </option>
                  ))}
                </select>
              </div>
              <RoleChoice />
            </InlineForm>
          )}
        </Card>
      )}
    </>
  );
}
