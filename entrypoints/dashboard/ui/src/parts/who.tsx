import { who } from "../look/format";

/** Who decided: by name, with the id for those who point at it. */
export function Who({ id, name }: { id: string; name: string }) {
  const kind = id.split(":")[0];
  return <span title={id}>{name === id ? who(id) : kind === "user" ? name : `${kind} ${name}`}</span>;
}
