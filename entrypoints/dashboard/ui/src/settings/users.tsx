// The people who may log in, for administrators of the instance.

import { patch, post } from "../api/client";
import type { FullUser } from "../api/types";
import { useLoad } from "../live/load";
import { Card } from "../parts/card";
import { Chip } from "../parts/marks";
import { Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { toast } from "../parts/toasts";
import { me } from "../session";
import { Field, InlineForm, text } from "./form";

export function Users() {
  const { data, error, reload } = useLoad<{ users: FullUser[] }>("/users");
  const change = (user: FullUser, what: object, says: string) =>
    patch(`/users/${user.id}`, what).then(
      () => {
        toast(says);
        reload();
      },
      (failure: Error) => toast(failure.message, "bad"),
    );
  return (
    <>
      <Pending of={{ data, error, reload }} rows={3} />
      {data && (
        <Card title="Users" flush>
          {data && (
            <Table label="Users" stacked columns={["User", "State", "Made", { hidden: "Acts" }]}>
              {data.users.map((user) => (
                <tr key={user.id}>
                  <td>
                    <strong>{user.name || user.username}</strong> <span class="soft">{user.username}</span>
                  </td>
                  <td class="line" data-label="State">
                    <span class="row end">
                      {user.disabled ? (
                        <Chip tone="odd" icon="slash">
                          disabled
                        </Chip>
                      ) : (
                        <Chip tone="ok" icon="tick">
                          may log in
                        </Chip>
                      )}
                      {user.instance_admin && (
                        <Chip tone="busy" icon="gear">
                          administrator
                        </Chip>
                      )}
                    </span>
                  </td>
                  <td class="line" data-label="Made">
                    <Time at={user.created_at} />
                  </td>
                  <td class="line">
                    {user.id !== me.value?.user?.id && (
                      <div class="row end">
                        <button
                          class="small"
                          onClick={() =>
                            void change(
                              user,
                              { instance_admin: !user.instance_admin },
                              user.instance_admin ? "No administrator any more" : "An administrator now",
                            )
                          }
                        >
                          {user.instance_admin ? "Make ordinary" : "Make administrator"}
                        </button>
                        <button
                          class="small danger"
                          onClick={() =>
                            void change(
                              user,
                              { disabled: !user.disabled },
                              user.disabled ? "May log in again" : "Disabled, and logged out",
                            )
                          }
                        >
                          {user.disabled ? "Enable" : "Disable"}
                        </button>
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )}
          <InlineForm
            label="Make the user"
            submit={async (form) => {
              await post("/users", {
                username: text(form, "username"),
                password: String(form.get("password")),
                ...(text(form, "name") ? { name: text(form, "name") } : {}),
              });
              reload();
              toast("The user can log in. Give them a role under Members.");
            }}
          >
            <Field name="username" label="User name" autocomplete="off" />
            <Field name="name" label="Name" required={false} />
            <Field name="password" label="Password" type="password" autocomplete="new-password" />
          </InlineForm>
        </Card>
      )}
    </>
  );
}
