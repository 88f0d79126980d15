import type { WorkerPage } from "../api/types";
import { count } from "../look/format";
import { Find } from "../parts/find";
import { setQuery } from "../router";

export const VIEWS = [
  ["", "Connected"],
  ["gone", "Gone"],
] as const;

/** By deployment, so that pods do not litter, and by part of a name. */
export function WorkerFilters({
  deployments,
  deployment,
  text,
}: {
  deployments: WorkerPage["fleet"]["deployments"];
  deployment: string;
  text: string;
}) {
  const names = deployments.map((each) => each.name);
  return (
    <Find label="Part of an id, a node or host@pid" text={text} find={(typed) => setQuery({ text: typed })}>
      <select
        aria-label="Deployment"
        value={deployment}
        onChange={(event) => setQuery({ deployment: event.currentTarget.value })}
      >
        <option value="">All deployments</option>
        {deployment && !names.includes(deployment) && <option value={deployment}>{deployment}</option>}
        {deployments.map((each) => (
          <option key={each.name} value={each.name}>
            {each.name || "not told"} ({count(each.online)})
          </option>
        ))}
      </select>
    </Find>
  );
}
