import type { Part } from "../render.ts";
import type { ReportedEvaluation } from "./material.ts";

/** Marks what must not be read beside the paper's. */
const UNLIKE = "†";

type Played = Pick<ReportedEvaluation, "name" | "unlike">;

/** The name of an evaluation, or another one, with a dagger where it was not played as the paper's were. */
export function marked({ unlike }: Pick<Played, "unlike">, name: string): string {
  return unlike.length === 0 ? name : `${name} ${UNLIKE}`;
}

/** Why some of the evaluations are marked; nothing where none is. */
export function unlikeParts(evaluations: readonly Played[]): readonly Part[] {
  const items = [...new Set(evaluations)].flatMap(({ name, unlike }) =>
    unlike.map((each) => `${name}: ${each}`),
  );
  if (items.length === 0) return [];
  return [
    { kind: "text", text: `${UNLIKE} not played as the paper's, so not comparable:` },
    { kind: "list", items },
  ];
}
