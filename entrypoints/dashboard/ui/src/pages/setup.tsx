// The first user. The token comes behind the # of the link that the brain printed.

import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post } from "../api/client";
import { Logo } from "../parts/icons";
import { Problem } from "../parts/placeholders";
import { TextField } from "../parts/text_field";
import { below } from "../place";
import { navigate } from "../router";
import { findOut } from "../session";

const fromLink = (): string => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";

export function Setup() {
  const [token, setToken] = useState(fromLink);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [closed, setClosed] = useState(false);
  useEffect(() => {
    document.title = "Set up · Taskdeck";
    // The token is a secret: it does not stay in the address.
    if (location.hash) history.replaceState(null, "", location.pathname);
    get<{ open: boolean }>("/setup").then(
      ({ open }) => setClosed(!open),
      () => undefined,
    );
  }, []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setError(null);
    try {
      await post("/setup", { token: token.trim(), username, password });
      await findOut();
      navigate("/", { replace: true });
    } catch (failure) {
      setError(failure as ApiError);
    }
  }

  return (
    <main class="centre">
      <div class="card">
        <div class="brand">
          <Logo />
          Taskdeck
        </div>
        <h1 tabIndex={-1}>{closed ? "This brain is set up" : "Welcome. Make the first user."}</h1>
        {closed ? (
          <p>
            There are users already. <a href={below("/login")}>Log in</a>
          </p>
        ) : (
          <form onSubmit={(event) => void submit(event)}>
            <p class="soft">This user administers the whole instance, and can add others later.</p>
            <TextField
              id="token"
              label="Set-up token"
              autocomplete="off"
              class="mono"
              value={token}
              set={setToken}
              hint="The brain printed it in a link at its first start: …/setup#token=…"
            />
            <TextField
              id="username"
              label="User name"
              autocomplete="username"
              autocapitalize="none"
              value={username}
              set={setUsername}
            />
            <TextField
              id="password"
              label="Password"
              type="password"
              autocomplete="new-password"
              value={password}
              set={setPassword}
            />
            {error && <Problem error={error} />}
            <button class="main">Make the user and log in</button>
          </form>
        )}
      </div>
    </main>
  );
}
