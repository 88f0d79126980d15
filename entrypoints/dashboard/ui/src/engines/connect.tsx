// How an application comes to report here.

import { Lines } from "../parts/copying";
import { at, project } from "../router";

const START = [
  "pip install z4j-celery     # or z4j-rq, z4j-dramatiq, z4j-huey, z4j-arq, z4j-taskiq",
  "# in the module of your Celery app:  import z4j_celery",
  "celery -A app worker -E",
];
const credentials = (): string[] => [
  `taskdeck agents create shop --project ${project.value} > shop.env`,
  ". ./shop.env",
];

/** From nothing to a worker that reports. */
export function Connect() {
  return (
    <>
      <p>
        Make credentials here or under <a href={at("settings")}>Settings</a>, give them to the environment of
        the workers, and start these with the agent of their engine:
      </p>
      <Lines label="To connect an application" text={[...credentials(), ...START].join("\n")} />
    </>
  );
}

/** For those who have the credentials. */
export function Start() {
  return (
    <>
      <p>Then install the agent of the engine and import it where the worker starts:</p>
      <Lines label="Next steps" text={START.join("\n")} />
    </>
  );
}
