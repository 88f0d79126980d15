import { useState } from "preact/hooks";
import { ApiError, post } from "../api/client";
import { Card, PageHead } from "../parts/card";
import { Problem } from "../parts/placeholders";
import { TextField } from "../parts/text_field";
import { toast } from "../parts/toasts";
import { at } from "../router";
import { me } from "../session";

export function Account() {
  const user = me.value?.user;
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [error, setError] = useState<ApiError | null>(null);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setError(null);
    try {
      await post("/me/password", { current, new: next });
      setCurrent("");
      setNext("");
      toast("The password is changed; your other sessions have ended.");
    } catch (failure) {
      setError(failure as ApiError);
    }
  }

  return (
    <>
      <PageHead title="Account" />
      <div class="columns-2">
        <Card title="You">
          <dl class="facts">
            <dt>User name</dt>
            <dd>{user?.username ?? "–"}</dd>
            <dt>Name</dt>
            <dd>{user?.name || "–"}</dd>
            <dt>Administers</dt>
            <dd>{user?.instance_admin ? "the whole instance" : "projects by role"}</dd>
            <dt>Roles</dt>
            <dd>
              {me.value?.projects.map((each) => (
                <div key={each.slug}>
                  <a href={at("", {}, each.slug)}>{each.name}</a> <span class="soft">{each.role}</span>
                </div>
              ))}
              {!me.value?.projects.length && "none"}
            </dd>
          </dl>
        </Card>
        <Card title="Password">
          <form class="stack" onSubmit={(event) => void submit(event)}>
            <TextField
              id="current"
              label="Present password"
              type="password"
              autocomplete="current-password"
              value={current}
              set={setCurrent}
            />
            <TextField
              id="next"
              label="New password"
              type="password"
              autocomplete="new-password"
              value={next}
              set={setNext}
            />
            {error && <Problem error={error} />}
            <div>
              <button class="main">Change the password</button>
            </div>
          </form>
        </Card>
      </div>
    </>
  );
}
