import { Connect } from "../engines/connect";
import { Empty } from "../parts/placeholders";
import { at, setQuery } from "../router";

export function Nobody({ filtered, gone }: { filtered: boolean; gone: boolean }) {
  if (filtered)
    return (
      <Empty title="No worker is like that">
        <p>
          <button onClick={() => setQuery({ text: null, deployment: null })}>Show all</button>
        </p>
      </Empty>
    );
  if (gone)
    return (
      <Empty title="No worker has left">
        <p>Those that leave are listed here until their tasks are forgotten.</p>
      </Empty>
    );
  return (
    <Empty title="No worker is connected">
      <p>
        Those that were here are among the <a href={at("workers", { presence: "gone" })}>gone</a>.
      </p>
      <Connect />
    </Empty>
  );
}
