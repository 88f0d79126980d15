import { Lines } from "../parts/copying";
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
      <p>
        Make credentials for your application, give them to its workers, and start them with the agent of
        their engine:
      </p>
      <Lines
        text={`taskdeck agents create shop > shop.env   # or under Settings, Agents\n. ./shop.env\npip install z4j-celery\n# in the module of your Celery app:  import z4j_celery\ncelery -A app worker -E`}
      />
    </Empty>
  );
}
