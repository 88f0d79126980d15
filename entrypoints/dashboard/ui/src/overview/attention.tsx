// Whether somebody has to act, and on what.

import type { Overview } from "../api/types";
import { Card } from "../parts/card";
import { Icon } from "../parts/icons";
import { at } from "../router";

export function Sentence({ attention }: { attention: Overview["attention"] | undefined }) {
  if (!attention) return <div class="skeleton sentence" />;
  const many = attention.length;
  return (
    <p class={`sentence ${many ? "tone-warn" : "tone-ok"}`} role="status">
      <Icon name={many ? "alert" : "tick"} />
      {many === 0 ? "All is well." : many === 1 ? "One thing needs you." : `${many} things need you.`}
    </p>
  );
}

export function Attention({ attention }: { attention: Overview["attention"] }) {
  if (!attention.length) return null;
  return (
    <Card title="Needs attention" flush>
      <ul class="attention">
        {attention.map((each) => (
          <li key={each.text}>
            <Icon name="alert" />
            <a href={at("") + each.link}>{each.text}</a>
          </li>
        ))}
      </ul>
    </Card>
  );
}
