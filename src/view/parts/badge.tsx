import type { EpisodeEnding } from "../../agent/agent.ts";
import type { IndexedPersona } from "../../synthesis/record.ts";

const TONES: Readonly<Partial<Record<IndexedPersona["outcome"] | EpisodeEnding, "good" | "bad">>> = {
  accepted: "good",
  rejected: "bad",
  failed: "bad",
  success: "good",
  "model-failed": "bad",
  "world-failed": "bad",
};

/** How a persona or an episode ended, in a small frame; its shape tells what its colour tells. */
export function Badge({ end }: { readonly end: IndexedPersona["outcome"] | EpisodeEnding }) {
  return <span class={`badge ${TONES[end] ?? "plain"}`}>{end}</span>;
}

/** What the marks of turns mean: of trajectories (a refinement is round), and of episodes. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ["e", "errors"],
  ["r", "refinements"],
]);
const EPISODE_MARKS: ReadonlyMap<string, string> = new Map([
  ["m", "malformed"],
  ["x", "not understood"],
  ["r", "repeated"],
  ["i", "irregular"],
]);

/** Turns of a strip; the others are told by dots. */
const MOST = 100;

/** The turns of a player in small; what was wrong with each stands out by colour and height. */
export function Strip({ marks, isEpisode }: { readonly marks: string; readonly isEpisode?: boolean }) {
  if (marks === "") return null;
  const names = isEpisode ? EPISODE_MARKS : MARKS;
  const said = [...names].flatMap(([mark, name]) => {
    const count = marks.split(mark).length - 1;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  const words = [`${marks.length} turns of the player`, ...said].join(", ");
  return (
    <span class="strip" role="img" aria-label={words} title={words}>
      {[...marks.slice(0, MOST)].map((mark) => (
        <i class={names.get(mark)?.replaceAll(" ", "-")} />
      ))}
      {marks.length > MOST ? "…" : ""}
    </span>
  );
}
