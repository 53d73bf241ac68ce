import type { ChatMessage, ChatRequest } from "../model/chat-model.ts";
import type { Persona } from "../persona/persona.ts";
import type { Script } from "../script/script.ts";
import { scriptFromWire, scriptToText } from "../script/wire.ts";
import { instructionFor } from "./instruction.ts";
import { trajectoryReplySchema } from "./reply-schema.ts";
import type { ErrorPolicy, Turn } from "./trajectory.ts";
import { PAPER_FORM, type ReplyForm, turnsFromText, turnsToText, WIRES, type Wire } from "./turn-wires.ts";

/** How a trajectory came to be where it is when it is asked for. */
export type Progress =
  /** The first call, or a call after one of which nothing could be kept; `problem` says why, if so. */
  | { readonly kind: "begin"; readonly problem?: string }
  /** The turns that were verified are kept; the model continues behind them. */
  | { readonly kind: "continue"; readonly verified: readonly Turn[]; readonly problem: string }
  /** The trajectory was whole but had too few refinements; the model writes it anew from the beginning. */
  | { readonly kind: "start-over"; readonly turns: readonly Turn[]; readonly problem: string };

const BEGIN = "Write the game for this script.";
/** Says that the reply continues; by this sentence {@link readTrajectoryRequest} knows it. */
const KEPT = "The turns above are kept as they are.";

function continueFrom(turn: number, wire: Wire): string {
  const what =
    wire === "paper" ? `a JSON array that begins with turn ${turn}` : `the lines from turn ${turn} on`;
  return `write ${what}, which is the ${turn % 2 === 0 ? "DM" : "player"}'s`;
}

function followUp(progress: Progress, wire: Wire): readonly ChatMessage[] {
  if (progress.kind === "begin") return [];
  const turns = progress.kind === "continue" ? progress.verified : progress.turns;
  const order =
    progress.kind === "continue"
      ? `${KEPT} Continue the game: ${continueFrom(turns.length, wire)}, and do not repeat the turns before it.`
      : "Write the whole game again from turn 0, with at least two errors of the player and their refinements.";
  return [
    { role: "assistant", content: turnsToText(turns, wire) },
    { role: "user", content: `${progress.problem}\n${order}` },
  ];
}

/** The request for a trajectory in a script (section 3.1, App. M). */
export function trajectoryRequest(
  persona: Persona,
  script: Script,
  progress: Progress,
  errors: ErrorPolicy = "refined",
  form: ReplyForm = PAPER_FORM,
): ChatRequest {
  const problem = progress.kind === "begin" ? progress.problem : undefined;
  const { wire } = form;
  const kept = progress.kind === "continue" ? progress.verified : [];
  const order = problem === undefined ? BEGIN : `${BEGIN} An earlier answer could not be used. ${problem}`;
  return {
    messages: [
      instructionFor(errors, form),
      {
        role: "user",
        content: `<persona>\n${persona.text}\n</persona>\n<script>\n${scriptToText(script)}\n</script>\n${order}`,
      },
      ...followUp(progress, wire),
    ],
    // Keys that may be left out are none that providers call strict.
    ...(wire === "sparse" ? {} : { schema: trajectoryReplySchema(script, kept, errors, wire) }),
  };
}

/** What a request for a trajectory says: `verified` are the turns from which the reply continues. */
interface TrajectoryRequestParts {
  readonly persona: string;
  readonly script: Script;
  readonly verified: readonly Turn[];
  readonly errors: ErrorPolicy;
  readonly form: ReplyForm;
}

/** What is asked for by an instruction; undefined for any other text. */
function readInstruction(
  text: string | undefined,
): Pick<TrajectoryRequestParts, "errors" | "form"> | undefined {
  for (const errors of ["refined", "none"] as const) {
    for (const wire of WIRES) {
      for (const briefDungeonMaster of [false, true]) {
        const form = { wire, briefDungeonMaster };
        if (text === instructionFor(errors, form).content) return { errors, form };
      }
    }
  }
  return undefined;
}

/** The inverse of {@link trajectoryRequest}; undefined for any other request. */
export function readTrajectoryRequest(request: ChatRequest): TrajectoryRequestParts | undefined {
  const [system, user, kept, order] = request.messages;
  const asked = readInstruction(system?.content);
  if (asked === undefined || user === undefined) return undefined;
  const parts = /^<persona>\n([\s\S]*?)\n<\/persona>\n<script>\n([\s\S]*)\n<\/script>\n/.exec(user.content);
  const [, persona, wire] = parts ?? [];
  if (persona === undefined || wire === undefined) return undefined;
  const script = scriptFromWire(JSON.parse(wire));
  if (!("goal" in script)) return undefined;
  const continues = order?.content.includes(`\n${KEPT}`) ?? false;
  const verified = continues && kept !== undefined ? turnsFromText(kept.content, asked.form.wire) : undefined;
  return { persona, script, verified: verified ?? [], ...asked };
}
