// A state, or one word about a thing, with its colour and its icon.

import type { ComponentChildren } from "preact";
import { lookOf, type Tone } from "../look/states";
import { Icon, type IconName } from "./icons";

export function StateMark({ state }: { state: string }) {
  const [tone, icon] = lookOf(state);
  return (
    <span class={`state tone-${tone}`}>
      <Icon name={icon} />
      <span class="word">{state.replace("_", " ")}</span>
    </span>
  );
}

export function Chip({
  tone = "calm",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <span class={`chip tone-${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
