// What can be taken along to a terminal or a chat.

import { Icon } from "./icons";
import { toast } from "./toasts";

export async function copy(text: string, what = "Copied"): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(what);
  } catch {
    toast("This browser does not allow copying here; select the text instead.", "bad");
  }
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  return (
    <button
      type="button"
      class="quiet icon small"
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        void copy(text);
      }}
    >
      <Icon name="copy" />
    </button>
  );
}

/** Lines for a terminal, to copy. */
export function Lines({ text, label = "Commands" }: { text: string; label?: string }) {
  return (
    <div class="lines">
      <pre tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <CopyButton text={text} label="Copy these lines" />
    </div>
  );
}
