import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post } from "../api/client";
import { Logo } from "../parts/icons";
import { Problem } from "../parts/placeholders";
import { TextField } from "../parts/text_field";
import { pageBehind } from "../place";
import { navigate, param } from "../router";
import { findOut, me } from "../session";

export function Login() {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = "Log in · Taskdeck";
    get<{ open: boolean }>("/setup").then(
      ({ open }) => open && navigate("/setup", { replace: true }),
      () => undefined,
    );
  }, []);
  useEffect(() => {
    if (me.value) navigate(pageBehind(param("to")), { replace: true });
  }, [me.value]);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await post("/login", { username, password });
      await findOut();
    } catch (failure) {
      setError(failure as ApiError);
      setPassword("");
    }
    setBusy(false);
  }

  return (
    <main class="centre">
      <div class="card">
        <div class="brand">
          <Logo />
          Taskdeck
        </div>
        <h1 tabIndex={-1}>Log in</h1>
        <form onSubmit={(event) => void submit(event)}>
          <TextField
            id="username"
            label="User name"
            autocomplete="username"
            autocapitalize="none"
            autofocus
            value={username}
            set={setUsername}
          />
          <TextField
            id="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            value={password}
            set={setPassword}
          />
          {error && <Problem error={error} />}
          <button class="main" disabled={busy}>
            {busy ? "Logging in…" : "Log in"}
          </button>
        </form>
        <p class="soft small">
          Forgotten? An administrator can set a new one, or on the server: <code>taskdeck users</code>.
        </p>
      </div>
    </main>
  );
}
