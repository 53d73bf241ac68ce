import { link } from "../link.ts";
import { Line } from "./text.tsx";

/** Evaluations that stand beside another one at most. */
export const MOST_BESIDE = 7;

interface Others {
  readonly of: string;
  readonly others: readonly { readonly key: string; readonly shown: string }[];
}

/** What of a form puts other evaluations beside one. */
export function BesideChoice({
  others,
  chosen = [],
}: Omit<Others, "of"> & { readonly chosen?: readonly string[] }) {
  if (others.length === 0) return null;
  return (
    <fieldset>
      <legend>beside</legend>
      {others.map(({ key, shown }) => (
        <label class="check">
          <input type="checkbox" name="with" value={key} checked={chosen.includes(key)} />{" "}
          <Line text={shown} />
        </label>
      ))}
    </fieldset>
  );
}

/** The ways to an evaluation's tasks beside another one, and beside all: links, so that packed pages have them too. */
export function BesideLinks({ of, others }: Others) {
  if (others.length === 0) return null;
  const href = (keys: readonly string[]): string => link(["evaluation", of, "tasks"], { with: keys });
  const all = others.length > 1 && others.length <= MOST_BESIDE;
  return (
    <nav class="ways" aria-label="task by task">
      <span class="soft">task by task beside</span>
      {others.map(({ key, shown }) => (
        <Line text={shown} href={href([key])} />
      ))}
      {all ? <a href={href(others.map(({ key }) => key))}>all</a> : null}
    </nav>
  );
}
