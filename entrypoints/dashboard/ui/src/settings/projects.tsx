// The project itself, and further ones.

import { useState } from "preact/hooks";
import { patch, post } from "../api/client";
import { Card } from "../parts/card";
import { toast } from "../parts/toasts";
import { navigate, project } from "../router";
import { findOut, isInstanceAdmin, membership } from "../session";
import { Field, InlineForm, text } from "./form";

export function ProjectSettings() {
  const [name, setName] = useState(membership.value?.name ?? "");
  return (
    <div class="columns-2">
      <Card title="This project" flush>
        <InlineForm
          label="Rename"
          submit={async () => {
            await patch(`/projects/${project.value}`, { name });
            await findOut();
            toast("Renamed");
          }}
        >
          <div class="field">
            <label for="project-name">Name</label>
            <input
              id="project-name"
              required
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </div>
        </InlineForm>
        <div class="inside soft small">
          Its short name in addresses stays <code>{project.value}</code>.
        </div>
      </Card>
      {isInstanceAdmin.value && (
        <Card title="Another project" flush>
          <InlineForm
            label="Make the project"
            submit={async (form) => {
              const slug = text(form, "slug");
              await post("/projects", { slug, name: text(form, "name") });
              await findOut();
              navigate(`/p/${slug}`);
            }}
          >
            <Field name="slug" label="Short name" hint="billing" pattern="[a-z0-9][a-z0-9\-]*" />
            <Field name="name" label="Name" hint="Billing" />
          </InlineForm>
        </Card>
      )}
    </div>
  );
}
