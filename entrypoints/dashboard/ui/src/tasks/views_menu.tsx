// Views with a name: to go to, to keep, to forget.

import { useState } from "preact/hooks";
import type { Bookmark } from "../api/types";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { Menu } from "../parts/menu";
import { toast } from "../parts/toasts";
import { searchOf } from "../query";
import { at, query } from "../router";
import { columns } from "./columns";
import { forgetView, keepView, useViews } from "./views";

const LONGEST = 60;

export function ViewsMenu() {
  const [naming, setNaming] = useState(false);
  const { data, error, reload } = useViews();
  const views = data?.bookmarks ?? [];
  const here = searchOf(query.value, columns.value.join(","));
  const shown = views.find(({ search }) => search === here);
  return (
    <>
      <Menu label={shown?.name ?? "Views"} icon="book">
        {views.map(({ name, search }) => (
          <div key={name} class="row view">
            <a
              class="grow clip"
              href={`${at("tasks")}?${search}`}
              aria-current={search === here ? "page" : undefined}
            >
              {search === here && <Icon name="tick" />}
              {name}
            </a>
            <button
              class="quiet icon"
              aria-label={`Forget the view ${name}`}
              title="Forget"
              onClick={() =>
                void forgetView(name).then(reload, (failure: Error) => toast(failure.message, "bad"))
              }
            >
              <Icon name="cross" />
            </button>
          </div>
        ))}
        {error && <p class="soft small">{error.message}</p>}
        <button onClick={() => setNaming(true)}>
          <Icon name="plus" />
          Keep this view…
        </button>
      </Menu>
      {naming && (
        <Naming
          search={here}
          views={views}
          close={() => {
            setNaming(false);
            reload();
          }}
        />
      )}
    </>
  );
}

function Naming({ search, views, close }: { search: string; views: Bookmark[]; close: () => void }) {
  const [name, setName] = useState("");
  const taken = views.some((each) => each.name === name.trim());
  async function keep(): Promise<void> {
    await keepView({ name: name.trim(), search });
    toast(`Kept as ${name.trim()}`);
  }
  return (
    <Dialog
      title="Keep this view"
      close={close}
      act={{ label: taken ? "Replace it" : "Keep it", run: keep, disabled: !name.trim() }}
    >
      <div class="field">
        <label for="view-name">Name</label>
        <input
          id="view-name"
          value={name}
          maxLength={LONGEST}
          autofocus
          autocomplete="off"
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <small>
          Filters and columns, for you alone, wherever you log in. To give it to others, share the link.
        </small>
      </div>
    </Dialog>
  );
}
