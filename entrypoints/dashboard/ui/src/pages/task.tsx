// One task with all that is known of it: at the side of the list, and as a page.

import { param, route } from "../router";
import { TaskView } from "../task/view";

export function TaskPage() {
  const [, engine = "", ...id] = route.value;
  return <TaskView engine={engine} id={id.join("/") || param("id")} page />;
}
