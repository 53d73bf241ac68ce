import type { IndexedPersona } from "../../synthesis/run-index.ts";

type Tone = "good" | "bad" | "plain";

/** A word in a small frame; its shape tells what its colour tells. */
export function Badge({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return <span class={`badge ${tone}`}>{text}</span>;
}

const TONES: Readonly<Record<IndexedPersona["outcome"], Tone>> = {
  accepted: "good",
  rejected: "bad",
  failed: "bad",
};

/** How a persona ended. */
export function OutcomeBadge({ outcome }: { readonly outcome: IndexedPersona["outcome"] }) {
  return <Badge tone={TONES[outcome]} text={outcome} />;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ["e", "error"],
  ["r", "refinement"],
]);

/** The turns of a player in small: errors high and pointed, refinements round, the others flat. */
export function Strip({ marks }: { readonly marks: string }) {
  if (marks === "") return null;
  const count = (mark: string): number => marks.split(mark).length - 1;
  const words = `${marks.length} turns of the player, ${count("e")} errors, ${count("r")} refinements`;
  return (
    <span class="strip" role="img" aria-label={words} title={words}>
      {[...marks].map((mark) => (
        <i class={WORDS.get(mark)} />
      ))}
    </span>
  );
}
