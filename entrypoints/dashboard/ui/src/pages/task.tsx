import { useShortcuts } from "../look/keys";
import { param, route } from "../router";
import { TaskView } from "../task/view";
import { backToList, searchTasks } from "../tasks/back";

export function TaskPage() {
  const [, engine = "", ...id] = route.value;
  useShortcuts([
    { keys: "/", does: "Search tasks", act: searchTasks },
    { keys: "Escape", does: "Back to the list", act: backToList },
  ]);
  return <TaskView engine={engine} id={id.join("/") || param("id")} page />;
}
