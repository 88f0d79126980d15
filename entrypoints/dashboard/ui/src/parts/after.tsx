// What is further down the page is drawn once what one sees first is there.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

export function After({ children }: { children: ComponentChildren }) {
  const [due, setDue] = useState(false);
  useEffect(() => setDue(true), []);
  return due ? <>{children}</> : null;
}
