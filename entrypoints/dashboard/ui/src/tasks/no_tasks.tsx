import { Connect } from "../engines/connect";
import { Empty } from "../parts/placeholders";
import { navigate, path } from "../router";

export function NoTasks({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No task matches">
        <p>Loosen the filters, or look further back.</p>
        <button onClick={() => navigate(path.value)}>Remove all filters</button>
      </Empty>
    );
  }
  return (
    <Empty title="No task has been reported yet">
      <Connect />
    </Empty>
  );
}
