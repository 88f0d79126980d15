// From an address to a page.

import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError } from "./api/client";
import { Account } from "./pages/account";
import { Audit } from "./pages/audit";
import { BulkOperations } from "./pages/bulk";
import { Commands } from "./pages/commands";
import { Failures } from "./pages/failures";
import { Login } from "./pages/login";
import { Overview } from "./pages/overview";
import { Queues } from "./pages/queues";
import { Settings } from "./pages/settings";
import { Setup } from "./pages/setup";
import { TaskPage } from "./pages/task";
import { TaskType } from "./pages/task_type";
import { Tasks } from "./pages/tasks";
import { Workers } from "./pages/workers";
import { Empty, Problem, Skeleton } from "./parts/placeholders";
import { Toasts } from "./parts/toasts";
import { below } from "./place";
import { navigate, path, project, route } from "./router";
import { findOut, known, me, unreachable } from "./session";
import { Shell } from "./shell";
import type { Me } from "./api/types";

const PAGES: Record<string, ComponentType> = {
  "": Overview,
  tasks: Tasks,
  types: TaskType,
  failures: Failures,
  workers: Workers,
  queues: Queues,
  commands: Commands,
  bulk: BulkOperations,
  audit: Audit,
  settings: Settings,
};

export function App() {
  return (
    <>
      <Page />
      <Toasts />
    </>
  );
}

function Page() {
  const first = path.value === "/" && me.value ? me.value.projects[0] : undefined;
  useEffect(() => {
    if (first) navigate(`/p/${encodeURIComponent(first.slug)}`, { replace: true });
  }, [first?.slug]);
  useEffect(() => {
    if (!unreachable.value) return;
    const timer = setInterval(() => void findOut(), 3000);
    return () => clearInterval(timer);
  }, [unreachable.value]);

  if (path.value === "/login") return <Login />;
  if (path.value === "/setup") return <Setup />;
  if (!known.value)
    return (
      <div class="centre">
        <Skeleton rows={3} />
      </div>
    );
  if (!me.value) {
    return unreachable.value ? (
      <main class="centre">
        <div class="card">
          <Problem error={new ApiError(0, "unreachable", unreachable.value)} retry={() => void findOut()} />
        </div>
      </main>
    ) : null;
  }
  return (
    <Shell>
      <Inside here={me.value} opening={!!first} />
    </Shell>
  );
}

/** The page behind the address, for somebody who is logged in; `opening`: it changes at once. */
function Inside({ here, opening }: { here: Me; opening: boolean }) {
  if (path.value === "/account") return <Account />;
  if (opening) return <Skeleton />;
  if (path.value === "/") {
    return (
      <Empty title="No project is yours yet">
        <p>Ask an administrator to make you a member of one.</p>
      </Empty>
    );
  }
  if (!here.projects.some((each) => each.slug === project.value)) return <NotFound what="project" />;
  const [page = "", ...rest] = route.value;
  if (page === "tasks" && rest.length) return <TaskPage />;
  const Found = Object.hasOwn(PAGES, page) ? PAGES[page] : undefined;
  return Found ? <Found key={project.value} /> : <NotFound what="page" />;
}

function NotFound({ what }: { what: string }) {
  return (
    <>
      <h1 tabIndex={-1} class="hidden-visually">
        Not found
      </h1>
      <Empty title={`There is no such ${what}`}>
        <p>It may have another name now, or you have no role in it.</p>
        <p>
          <a href={below("/")}>Go to the start</a>
        </p>
      </Empty>
    </>
  );
}
