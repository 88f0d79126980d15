import { Icon } from "../parts/icons";
import { setQuery, taskAt } from "../router";
import { TaskView } from "../task/view";

export function Drawer({ at: key }: { at: string }) {
  const [engine = "", ...id] = key.split("/");
  return (
    <aside class="drawer" aria-label="Task">
      <div class="row">
        <a class="button" href={taskAt(engine, id.join("/"))}>
          <Icon name="open" />
          Full page
        </a>
        <button class="quiet push" onClick={() => setQuery({ task: null })}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      <TaskView engine={engine} id={id.join("/")} />
    </aside>
  );
}
