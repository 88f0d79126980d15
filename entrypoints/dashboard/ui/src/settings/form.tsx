// Forms of the settings: submitted once, errors where they belong.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { Problem } from "../parts/placeholders";

export function InlineForm({
  label,
  submit,
  children,
}: {
  label: string;
  submit: (form: FormData) => Promise<unknown>;
  children: ComponentChildren;
}) {
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  async function run(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    setError(null);
    try {
      await submit(new FormData(form));
      form.reset();
    } catch (failure) {
      setError(failure as ApiError);
    }
    setBusy(false);
  }
  return (
    <form onSubmit={(event) => void run(event)}>
      <div class="inline-form">
        {children}
        <button class="main" disabled={busy}>
          {label}
        </button>
      </div>
      {error && (
        <div class="inside">
          <Problem error={error} />
        </div>
      )}
    </form>
  );
}

export function Field({
  name,
  label,
  type = "text",
  hint,
  required = true,
  ...rest
}: {
  name: string;
  label: string;
  type?: string;
  hint?: string;
  required?: boolean;
  pattern?: string;
  autocomplete?: "off" | "new-password";
}) {
  return (
    <div class="field">
      <label for={`field-${name}`}>{label}</label>
      <input id={`field-${name}`} name={name} type={type} required={required} {...rest} placeholder={hint} />
    </div>
  );
}

export function RoleChoice({ name = "role", label = "Role" }) {
  return (
    <div class="field">
      <label for={`field-${name}`}>{label}</label>
      <select id={`field-${name}`} name={name}>
        <option value="viewer">viewer: looks</option>
        <option value="operator">operator: acts</option>
        <option value="admin">admin: sets up</option>
      </select>
    </div>
  );
}

export const text = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();
