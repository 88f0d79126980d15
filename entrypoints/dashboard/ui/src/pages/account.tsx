import { useState } from "preact/hooks";
import { ApiError, post } from "../api/client";
import { Card, PageHead } from "../parts/card";
import { Problem } from "../parts/placeholders";
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
            <div class="field">
              <label for="current">Present password</label>
              <input
                id="current"
                type="password"
                required
                autocomplete="current-password"
                value={current}
                onInput={(event) => setCurrent(event.currentTarget.value)}
              />
            </div>
            <div class="field">
              <label for="next">New password</label>
              <input
                id="next"
                type="password"
                required
                autocomplete="new-password"
                value={next}
                onInput={(event) => setNext(event.currentTarget.value)}
              />
            </div>
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
