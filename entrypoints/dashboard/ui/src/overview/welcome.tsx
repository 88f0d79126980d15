import { Connect } from "../engines/connect";
import { Empty } from "../parts/placeholders";

export function Welcome() {
  return (
    <Empty title="Nothing reports to this project yet">
      <Connect />
      <p>
        To look around first: <code>taskdeck demo</code>
      </p>
    </Empty>
  );
}
