import { link } from "../link.ts";
import { Line } from "./text.tsx";

/** Evaluations that stand beside another one at most. */
export const MOST_BESIDE = 7;

interface BesideLinksProps {
  readonly of: string;
  readonly others: readonly { readonly key: string; readonly shown: string }[];
}

/** The ways to an evaluation's tasks beside another one, and beside all: links, so that packed pages have them too. */
export function BesideLinks({ of, others }: BesideLinksProps) {
  if (others.length === 0) return null;
  const href = (keys: readonly string[]): string => link(["evaluation", of, "tasks"], { with: keys });
  const all = others.length > 1 && others.length <= MOST_BESIDE;
  return (
    <nav class="ways" aria-label="task by task">
      <span class="soft">task by task beside</span>
      {others.map((other) => (
        <a href={href([other.key])}>
          <Line text={other.shown} />
        </a>
      ))}
      {all ? <a href={href(others.map(({ key }) => key))}>all</a> : null}
    </nav>
  );
}
