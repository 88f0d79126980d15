// Views with a name: to go to, to keep, to forget.

import { useState } from "preact/hooks";
import { Menu } from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { toast } from "../parts/toasts";
import { at, project, query } from "../router";
import { columns } from "./columns";
import { forgetView, keepView, LONGEST, searchOf, viewsOf } from "./views";

export function ViewsMenu() {
  const [naming, setNaming] = useState(false);
  const views = viewsOf(project.value);
  const here = searchOf(query.value, columns.value.join(","));
  const shown = views.find(({ search }) => search === here);
  return (
    <>
      <Menu label={shown?.name ?? "Views"} icon="book">
        {views.map(({ name, search }) => (
          <div key={name} class="row view">
            <a class="grow clip" href={`${at("tasks")}?${search}`} aria-current={search === here ? "page" : undefined}>{search === here && <Icon name="tick" />}{name}</a>
            <button class="quiet icon" aria-label={`Forget the view ${name}`} title="Forget" onClick={() => forgetView(project.value, name)}><Icon name="cross" /></button>
          </div>
        ))}
        <button onClick={() => setNaming(true)}><Icon name="plus" />Keep this view…</button>
      </Menu>
      {naming && <Naming search={here} close={() => setNaming(false)} />}
    </>
  );
}

function Naming({ search, close }: { search: string; close: () => void }) {
  const [name, setName] = useState("");
  const taken = viewsOf(project.value).some((each) => each.name === name.trim());
  async function keep(): Promise<void> {
    keepView(project.value, { name: name.trim(), search });
    toast(`Kept as ${name.trim()}`);
  }
  return (
    <Dialog title="Keep this view" close={close} act={{ label: taken ? "Replace it" : "Keep it", run: keep, disabled: !name.trim() }}>
      <div class="field"><label for="view-name">Name</label>
        <input id="view-name" value={name} maxLength={LONGEST} autofocus autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />
        <small>Filters and columns, kept in this browser. To give it to others, share the link.</small></div>
    </Dialog>
  );
}
