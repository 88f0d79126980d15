// A traceback with the application's frames in the light and the libraries' in the shade.

import { useEffect, useRef } from "preact/hooks";
import { Card } from "../parts/card";
import { CopyButton } from "../parts/copying";

const LIBRARY = /site-packages|dist-packages|\/lib\/python|<frozen/;

export function Traceback({ text }: { text: string }) {
  const box = useRef<HTMLDivElement>(null);
  const lines = text.replace(/\n+$/, "").split("\n");
  useEffect(() => {
    // The last frame of the application is what people look for.
    const frames = box.current?.querySelectorAll<HTMLElement>(".app");
    const last = frames?.[frames.length - 1];
    if (last && box.current) box.current.scrollTop = last.offsetTop - box.current.offsetTop - 120;
  }, [text]);

  let within: "app" | "library" | "" = "";
  return (
    <Card title="Traceback" flush aside={<CopyButton text={text} label="Copy the traceback" />}>
      <div class="trace" ref={box} tabIndex={0} role="region" aria-label="Traceback">
        {lines.map((line, index) => {
          if (/^\s+File "/.test(line)) within = LIBRARY.test(line) ? "library" : "app";
          else if (!/^\s/.test(line)) within = "";
          const raised =
            index > 0 && !/^\s/.test(line) && /^[\w.]+(:|$)/.test(line) && !line.startsWith("Traceback");
          return (
            <div key={index} class={raised ? "raised" : within}>
              {line || " "}
            </div>
          );
        })}
      </div>
    </Card>
  );
}
