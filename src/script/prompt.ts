import * as z from "zod";
import type { ChatMessage, ChatRequest, ReplySchema } from "../model/chat-model.ts";
import type { Persona } from "../persona/persona.ts";
import { shippedData } from "../shipped.ts";
import { explainScriptFault, type ScriptFault } from "./script.ts";

/** How many faults of a script the model is told at once. */
const FAULTS_SHOWN = 12;
/** How much of a faulty reply is shown again, in characters. */
const REPLY_SHOWN = 40_000;
/** How much is shown of one that was cut off, which would be paid for again without helping. */
const CUT_REPLY_SHOWN = 300;

const FORMAT = `{
  "Thought": string. How you design the environment, the goal and the available actions for this persona.
  "Environment": {
    "initial state": string. Where the player is and how things stand when the game begins.
    "places and objects": {
      "<name of a place or object>": {
        "information": string, optional. What the player learns on looking at it, opening it or coming in. Be concrete: the text of a note, not that there is a note.
        "<any other key>": string, optional. A fact that only the dungeon master may know.
        "location": string, optional. Where it is in relation to the place or object around it.
        "<name of a place or object inside it>": { the same again, as deep as the world needs },
        "relative location": list of strings, optional. How the places and objects of this level lie to each other.
      }
    },
    "player": { "information": string. What the player can and cannot do. }
  },
  "Goal": string. One clear task with a definite end that one person can reach with the available actions.
  "Completion Conditions": list of strings. The concrete conditions that must hold when the task is done.
  "Available Actions": {
    "<name of the action, with {placeholders}>": {
      "description": string, optional. What the action does.
      "special format": string, optional. Only for actions whose content is free, such as answering a question or editing a text; then the placeholders need no list of values.
      "verification code": string. A regular expression that accepts every legal use of the action.
      "parameters": { "<name of a placeholder>": list of strings. Every value that it can take. }
    }
  }
}`;

const RULES = `Rules:
1. Answer with this one JSON object and nothing else. All keys are compulsory unless they are marked optional, and there are no others than those shown.
2. The world must come out of the persona: its work, its places, its things. Do not name the persona in the world; the player takes its part.
3. Nest places and objects as they really are: rooms in buildings, furniture in rooms, things in furniture.
4. Put in interfering places and objects that are not needed for the goal but could be mistaken for what is: a similar tool, a closed box with the wrong content, a second room. They make it likely that the player errs on the way.
5. The goal should need about six to twelve actions, some of them only possible after others.
6. Give the actions that the goal needs and some more. A name contains each of its parameters as a placeholder in braces, such as "take {object} from {container}", and every placeholder has its list under "parameters".
7. The lists of values are checked strictly: they must hold every place, object or text that the player may name, the interfering ones too, exactly as they are written in the environment.
8. The verification code is matched against the whole action. It must accept the action's name with every listed value filled in. Capture each placeholder in a group of its name: "take (?P<object>[a-z ]+) from (?P<container>[a-z ]+)". Do not use lookahead, lookbehind or backreferences. Inside JSON a backslash is written twice: "\\\\d+".`;

const examplesSchema = z.object({
  /** Scripts with the personas that they were written for, in the wire form of App. L. */
  worlds: z.array(z.object({ persona: z.string(), script: z.unknown() })).readonly(),
  /** The first world's game, with errors and without, in the wire form of App. M. */
  games: z.object({ refined: z.array(z.unknown()).readonly(), none: z.array(z.unknown()).readonly() }),
  /** The thoughts of the dungeon masters in those games, each in one sentence. */
  briefThoughts: z.object({
    refined: z.array(z.string()).readonly(),
    none: z.array(z.string()).readonly(),
  }),
});

/** The worked examples that the prompts show (`data/examples.json`), read when they are first asked for. */
export const examples: () => z.infer<typeof examplesSchema> = shippedData("examples.json", examplesSchema);

/** Asks for a script that has no white space to pay for. */
const COMPACT_RULE = `
9. Write the JSON on one line, as in the examples: no line breaks and no indentation, and no space after a colon or a comma outside of the texts.`;

const systemMessages = new Map<boolean, ChatMessage>();

/**
 * The part of the prompt that is the same for every persona, so that providers can cache it. Always the same object, so
 * that it is written as JSON once.
 */
function systemFor(isCompact: boolean): ChatMessage {
  const known = systemMessages.get(isCompact);
  if (known !== undefined) return known;
  const content = `You design small text-based worlds in the manner of a tabletop role-playing game. From a sentence about a person, the persona, you write a script: an environment, a goal for one player, and the actions that the player may use. Another writer will play the script as dungeon master and player.

The script is one JSON object of this form:
${FORMAT}

${RULES}${isCompact ? COMPACT_RULE : ""}

Three examples follow, each a persona and its script.

${examples()
  .worlds.map(({ persona, script }) => `<persona>\n${persona}\n</persona>\n${JSON.stringify(script)}`)
  .join("\n\n")}`;
  const message: ChatMessage = { role: "system", content };
  systemMessages.set(isCompact, message);
  return message;
}

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;

/**
 * App. L as a JSON Schema, for servers that can bind their output to one. It is not "strict" in the
 * providers' sense, because places, objects, actions and parameters are keyed by names the model invents.
 */
export const scriptReplySchema: ReplySchema = {
  name: "script",
  strict: false,
  schema: {
    type: "object",
    additionalProperties: false,
    required: ["Thought", "Environment", "Goal", "Completion Conditions", "Available Actions"],
    properties: {
      Thought: text,
      Environment: {
        type: "object",
        additionalProperties: false,
        required: ["initial state", "places and objects", "player"],
        properties: {
          "initial state": text,
          "places and objects": { type: "object" },
          player: {
            type: "object",
            additionalProperties: false,
            required: ["information"],
            properties: { information: text },
          },
        },
      },
      Goal: text,
      "Completion Conditions": texts,
      "Available Actions": {
        type: "object",
        additionalProperties: {
          type: "object",
          additionalProperties: false,
          required: ["verification code"],
          properties: {
            description: text,
            "special format": text,
            "verification code": text,
            parameters: { type: "object", additionalProperties: texts },
          },
        },
      },
    },
  },
};

export interface FaultyScript {
  readonly reply: string;
  readonly faults: readonly ScriptFault[];
}

function shown({ reply, faults }: FaultyScript): string {
  const length = faults[0]?.code === "cut-off" ? CUT_REPLY_SHOWN : REPLY_SHOWN;
  return reply.slice(0, length).toWellFormed() || "(an empty reply)";
}

/**
 * The request for a script from a persona (section 3.1, App. L); with what was wrong with the last one. `isCompact`
 * asks for JSON without white space.
 */
export function scriptRequest(persona: Persona, faulty?: FaultyScript, isCompact = false): ChatRequest {
  const messages: ChatMessage[] = [
    systemFor(isCompact),
    { role: "user", content: `<persona>\n${persona.text}\n</persona>\nWrite the script for this persona.` },
  ];
  if (faulty !== undefined) {
    const words = faulty.faults.slice(0, FAULTS_SHOWN).map((fault) => `- ${explainScriptFault(fault)}`);
    const more = faulty.faults.length - words.length;
    if (more > 0) words.push(`- and ${more} more of the same kinds.`);
    messages.push(
      { role: "assistant", content: shown(faulty) },
      {
        role: "user",
        content: `This script cannot be used:\n${words.join("\n")}\nWrite the whole script again with these faults put right.`,
      },
    );
  }
  return { messages, schema: scriptReplySchema };
}

interface ScriptRequestParts {
  readonly persona: string;
  readonly isCompact: boolean;
}

/** The inverse of {@link scriptRequest}; undefined for any other request. */
export function readScriptRequest(request: ChatRequest): ScriptRequestParts | undefined {
  const [first, user] = request.messages;
  const isCompact = first?.content === systemFor(true).content;
  if ((!isCompact && first?.content !== systemFor(false).content) || user === undefined) return undefined;
  const persona = /^<persona>\n([\s\S]*?)\n<\/persona>\n/.exec(user.content)?.[1];
  return persona === undefined ? undefined : { persona, isCompact };
}
