import type { ChatMessage, ChatRequest, ReplySchema } from "../model/chat-model.ts";
import type { Persona } from "../persona/persona.ts";
import { examples } from "../script/prompt.ts";
import type { Script } from "../script/script.ts";
import { scriptFromWire, scriptToText } from "../script/wire.ts";
import type { ErrorPolicy, Turn } from "./trajectory.ts";
import { turnFromWire, turnsToText, wireTurnsToText } from "./wire.ts";

const FORMAT = `[
  {
    "turn": integer. 0 for the first turn; the DM has the even numbers.
    "role": "DM"
    "Thought": string. What the player knows so far, what the last action does to the world, and what the player can observe of it.
    "Observation": string. What the player perceives. Only this text is shown to the player.
    "parameter_error": boolean. True when the player's last action does not have the form of an available action or names something that is not in its lists.
    "place_error": boolean. True when the action is done in the wrong place.
    "logic_error": boolean. True when the action is allowed but changes nothing, or only leads back to an earlier situation.
    "progress_rate": number from 0 to 1. How much of the task is done; 1 means finished.
    "finished": boolean. True when the task is finished.
  },
  {
    "turn": integer. Odd numbers.
    "role": "Player"
    "Thought": string. The player's reasoning, without "Thought:" in front.
    "Action": string. One action, without "Action:" in front.
  },
  …
]`;

const ERROR_RULE: Readonly<Record<ErrorPolicy, string>> = {
  refined:
    "The player makes at least two errors of the kinds above on the way, as a person would, because a thing was misread, forgotten or mistaken for another. After each error the player's next thought takes up the observation, says what was wrong and puts it right.",
  none: "The player makes no error of the kinds above: every action is an available one, is done in the right place and brings the task forward or finds something out. No turn flags an error.",
};

const rules = (errors: ErrorPolicy): string => `Rules:
1. Answer with this one JSON array and nothing else. All keys are compulsory and there are no others.
2. The turns alternate: DM, player, DM, player, …, and the last one is the DM's.
3. Turn 0 tells the player how things stand and asks for answers in the form "Thought: ..." and "Action: ...". It flags no error.
4. The player knows only the goal, the actions and what was observed. The DM knows the whole script and does not give away what the player has not found.
5. The DM is strict: it checks each action against the verification code and the listed parameters, the place and the state of the world, and flags every error. An error changes nothing in the world, and the observation says what went wrong without solving the task.
6. ${ERROR_RULE[errors]}
7. The player's correct actions follow the verification codes and the listed parameters to the letter.
8. The trajectory ends when all completion conditions hold. The last observation contains the words "Task Succeed", its progress_rate is 1 and its finished is true, and the last turn flags no error.`;

const systemTexts = new Map<ErrorPolicy, string>();

/** The part of the prompt that is the same for every script, so that providers can cache it. */
function systemFor(errors: ErrorPolicy): string {
  const known = systemTexts.get(errors);
  if (known !== undefined) return known;
  const { worlds, games } = examples();
  const text = `You play a text-based game alone: you are the dungeon master (DM), who runs the world of a script, and you are the player, who tries to reach its goal. You write down the whole game, turn by turn.

The game is one JSON array of this form:
${FORMAT}

${rules(errors)}

An example follows, a script and its game.

<script>
${JSON.stringify(worlds[0]?.script)}
</script>
${wireTurnsToText(games[errors])}`;
  systemTexts.set(errors, text);
  return text;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

function turnSchema(
  role: "DM" | "Player",
  properties: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const all = { turn: { type: "integer" }, role: { type: "string", enum: [role] }, ...properties };
  return { type: "object", additionalProperties: false, required: Object.keys(all), properties: all };
}

/**
 * App. M as a JSON Schema, for servers that can bind their output to one. Providers demand an object at the
 * root, so the array of turns stands under the key `trajectory`; the reader takes it out of there.
 */
export const trajectoryReplySchema: ReplySchema = {
  name: "trajectory",
  strict: true,
  schema: {
    type: "object",
    additionalProperties: false,
    required: ["trajectory"],
    properties: {
      trajectory: {
        type: "array",
        items: {
          anyOf: [
            turnSchema("DM", {
              Thought: text,
              Observation: text,
              parameter_error: flag,
              place_error: flag,
              logic_error: flag,
              progress_rate: { type: "number" },
              finished: flag,
            }),
            turnSchema("Player", { Thought: text, Action: text }),
          ],
        },
      },
    },
  },
};

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

function followUp(progress: Progress): readonly ChatMessage[] {
  if (progress.kind === "begin") return [];
  const turns = progress.kind === "continue" ? progress.verified : progress.turns;
  const next = turns.length;
  const order =
    progress.kind === "continue"
      ? `${KEPT} Continue the game: write a JSON array that begins with turn ${next}, which is the ${next % 2 === 0 ? "DM" : "player"}'s, and do not repeat the turns before it.`
      : "Write the whole game again from turn 0, with at least two errors of the player and their refinements.";
  return [
    { role: "assistant", content: turnsToText(turns) },
    { role: "user", content: `${progress.problem}\n${order}` },
  ];
}

/** The request for a trajectory in a script (section 3.1, App. M). */
export function trajectoryRequest(
  persona: Persona,
  script: Script,
  progress: Progress,
  errors: ErrorPolicy = "refined",
): ChatRequest {
  const problem = progress.kind === "begin" ? progress.problem : undefined;
  const order = problem === undefined ? BEGIN : `${BEGIN} An earlier answer could not be used. ${problem}`;
  return {
    messages: [
      { role: "system", content: systemFor(errors) },
      {
        role: "user",
        content: `<persona>\n${persona.text}\n</persona>\n<script>\n${scriptToText(script)}\n</script>\n${order}`,
      },
      ...followUp(progress),
    ],
    schema: trajectoryReplySchema,
  };
}

/** What a request for a trajectory says: `verified` are the turns from which the reply continues. */
interface TrajectoryRequestParts {
  readonly persona: string;
  readonly script: Script;
  readonly verified: readonly Turn[];
  readonly errors: ErrorPolicy;
}

function turnsOf(content: string): readonly Turn[] {
  const values: unknown = JSON.parse(content);
  if (!Array.isArray(values)) return [];
  return values.flatMap((value, number) => turnFromWire(value, number).turn ?? []);
}

/** The inverse of {@link trajectoryRequest}; undefined for any other request. */
export function readTrajectoryRequest(request: ChatRequest): TrajectoryRequestParts | undefined {
  const [system, user, kept, order] = request.messages;
  const errors = system?.content === systemFor("none") ? "none" : "refined";
  if (system?.content !== systemFor(errors) || user === undefined) return undefined;
  const parts = /^<persona>\n([\s\S]*?)\n<\/persona>\n<script>\n([\s\S]*)\n<\/script>\n/.exec(user.content);
  const [, persona, wire] = parts ?? [];
  if (persona === undefined || wire === undefined) return undefined;
  const script = scriptFromWire(JSON.parse(wire));
  if (!("goal" in script)) return undefined;
  const continues = order?.content.includes(`\n${KEPT}`) ?? false;
  return { persona, script, verified: continues && kept !== undefined ? turnsOf(kept.content) : [], errors };
}
