import type { Place } from "../../script/places.ts";
import type { ShownScript } from "../read-script.ts";
import { Folded, Line, Prose } from "./text.tsx";

/** The address of a turn of the dialogue. */
type TurnHref = (turn: number) => string;

function PlaceTree({ places }: { readonly places: readonly Place[] }) {
  return (
    <ul class="places">
      {places.map(({ name, facts, inside }) => (
        <li>
          <b>
            <Line text={name} />
          </b>
          {facts.map(([key, value]) => (
            <div class="fact">
              <span class="soft">
                <Line text={key} />:
              </span>{" "}
              <Line text={value} />
            </div>
          ))}
          {inside.length === 0 ? null : <PlaceTree places={inside} />}
        </li>
      ))}
    </ul>
  );
}

function ActionView(props: { readonly action: ShownScript["actions"][number]; readonly turnHref: TurnHref }) {
  const { name, pattern, description, specialFormat, parameters, usedIn } = props.action;
  return (
    <li class={usedIn.length > 0 ? "act used" : "act"}>
      <code>
        <Line text={name} />
      </code>
      {usedIn.length === 0 ? (
        <span class="soft"> not used</span>
      ) : (
        <span class="uses">
          {" "}
          used in{" "}
          {usedIn.map((turn, place) => (
            <>
              {place === 0 ? "" : ", "}
              <a href={props.turnHref(turn)}>{turn}</a>
            </>
          ))}
        </span>
      )}
      <Folded title="pattern and values">
        {description === undefined ? null : <Prose text={description} />}
        {specialFormat === undefined ? null : <Prose text={specialFormat} />}
        <pre>
          <Line text={pattern} />
        </pre>
        {parameters.map((parameter) => (
          <p>
            <span class="soft">
              <Line text={parameter.name} />:
            </span>{" "}
            <Line text={parameter.values.join(", ")} />
          </p>
        ))}
      </Folded>
    </li>
  );
}

/** A script as it stands beside its dialogue: the goal, the places as a tree, the actions with their patterns. */
export function ScriptView(props: { readonly script: ShownScript; readonly turnHref?: TurnHref }) {
  const { script, turnHref = (turn) => `#turn-${turn}` } = props;
  return (
    <section class="script">
      <h2>Goal</h2>
      <Prose text={script.goal} />
      <h2>Completion conditions</h2>
      <ul>
        {script.conditions.map((condition) => (
          <li>
            <Line text={condition} />
          </li>
        ))}
      </ul>
      <h2>Available actions</h2>
      <ul class="actions">
        {script.actions.map((action) => (
          <ActionView action={action} turnHref={turnHref} />
        ))}
      </ul>
      <h2>World</h2>
      <Prose text={script.initialState} />
      <PlaceTree places={script.places} />
      <h2>Player</h2>
      <Prose text={script.player} />
      <Folded title="what the model thought of the script">
        <Prose class="thought" text={script.thought} />
      </Folded>
    </section>
  );
}
