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

/** The same in a line, where the reasons stand under Table 1; nothing where none is marked. */
export function unlikeNote(evaluations: readonly Played[]): readonly Part[] {
  const names = evaluations.filter(({ unlike }) => unlike.length > 0).map(({ name }) => name);
  if (names.length === 0) return [];
  const text = `${UNLIKE} Not comparable with the paper's, for the reasons under Table 1: ${names.join(", ")}.`;
  return [{ kind: "text", text }];
}
