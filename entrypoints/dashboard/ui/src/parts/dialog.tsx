// Questions: the browser's own dialog, which keeps the focus inside and gives it back.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { Problem } from "./basics";

interface Props {
  title: string;
  close: () => void;
  children: ComponentChildren;
  /** What the main button says and does; without it there is only a way out. */
  act?: { label: string; run: () => Promise<unknown>; danger?: boolean; disabled?: boolean };
}

export function Dialog({ title, close, children, act }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  useLayoutEffect(() => {
    const back = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => back?.focus?.();
  }, []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!act || busy || act.disabled) return;
    setBusy(true);
    setError(null);
    try {
      await act.run();
      close();
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : new ApiError(-1, "error", String(failure)));
      setBusy(false);
    }
  }

  return (
    <dialog ref={box} aria-label={title} onCancel={(event) => { event.preventDefault(); close(); }}
      onClick={(event) => event.target === box.current && close()}>
      <form onSubmit={(event) => void submit(event)}>
        <h2>{title}</h2>
        {children}
        {error && <Problem error={error} />}
        <footer>
          <button type="button" onClick={close}>{act ? "Cancel" : "Close"}</button>
          {act && (
            <button type="submit" class={`main ${act.danger ? "danger" : ""}`} disabled={busy || act.disabled}>
              {busy ? "Working…" : act.label}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
