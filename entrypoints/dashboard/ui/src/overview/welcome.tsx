import { Lines } from "../parts/copying";
import { Empty } from "../parts/placeholders";
import { at } from "../router";

export function Welcome() {
  return (
    <Empty title="Nothing reports to this project yet">
      <p>
        Three lines connect a Celery application. Other engines have agents of their own: <code>z4j-rq</code>,{" "}
        <code>z4j-dramatiq</code>, <code>z4j-huey</code>, <code>z4j-arq</code>, <code>z4j-taskiq</code>.
      </p>
      <Lines
        text={`taskdeck agents create shop > shop.env && . ./shop.env\npip install z4j-celery     # and: import z4j_celery in your app's module\ncelery -A app worker -E`}
      />
      <p>
        Or <a href={at("settings")}>make the credentials here</a>. To look around first:{" "}
        <code>taskdeck demo</code>
      </p>
    </Empty>
  );
}
