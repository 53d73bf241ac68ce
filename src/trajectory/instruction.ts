import type { ChatMessage } from "../model/chat-model.ts";
import { examples } from "../script/prompt.ts";
import type { ErrorPolicy } from "./trajectory.ts";
import { type ReplyForm, turnsToText, type Wire } from "./turn-wires.ts";
import { turnFromWire } from "./wire.ts";

const OPENING =
  "You play a text-based game alone: you are the dungeon master (DM), who runs the world of a script, and you are the player, who tries to reach its goal. You write down the whole game, turn by turn.";

const THOUGHT =
  "What the player knows so far, what the last action does to the world, and what the player can observe of it.";
const BRIEF_THOUGHT = "One short sentence: what decides how the world answers the last action.";

const paperFormat = (thought: string): string => `The game is one JSON array of this form:
[
  {
    "turn": integer. 0 for the first turn; the DM has the even numbers.
    "role": "DM"
    "Thought": string. ${thought}
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

const compactFormat = (
  thought: string,
): string => `The game is a list of lines. Each line is one turn: one JSON object that holds no line break and no spaces between its keys and values. The DM's lines and the player's lines look like this:
{"turn":0,"Thought":"…","Observation":"…","error":"none","progress":0}
{"turn":1,"Thought":"…","Action":"…"}

The keys of a DM's line:
- turn: the number of the line, from 0. The DM has the even numbers.
- Thought: string. ${thought}
- Observation: string. What the player perceives; the player is shown nothing else.
- error: what was wrong with the player's last action, as one word:
  "parameter" when it does not have the form of an available action or names something that is not in its lists,
  "place" when it is done in the wrong place,
  "logic" when it is allowed but changes nothing, or only leads back to an earlier situation,
  "none" when nothing was wrong.
- progress: number from 0 to 1. How much of the task is done; 1 means that it is finished.
The keys of a player's line:
- turn: the number of the line. The player has the odd numbers.
- Thought: string. The player's reasoning, without "Thought:" in front.
- Action: string. One action, without "Action:" in front.`;

const ERROR_RULE: Readonly<Record<ErrorPolicy, string>> = {
  refined:
    "The player makes at least two errors of the kinds above on the way, as a person would, because a thing was misread, forgotten or mistaken for another. After each error the player's next thought takes up the observation, says what was wrong and puts it right.",
  none: "The player makes no error of the kinds above: every action is an available one, is done in the right place and brings the task forward or finds something out. No turn flags an error.",
};

const SPARSE_KEYS = `
Two keys of the DM's lines are left out where they would say nothing new: error when nothing was wrong, and progress when it is the same as in the DM's line before. Turn 0 has its progress. So most of the DM's lines look like this:
{"turn":2,"Thought":"…","Observation":"…"}`;

/** What differs between the forms. */
const FORMS = {
  paper: {
    format: paperFormat,
    only: "Answer with this one JSON array and nothing else. All keys are compulsory and there are no others.",
    end: 'The last observation contains the words "Task Succeed", its progress_rate is 1 and its finished is true, and the last turn flags no error.',
  },
  compact: {
    format: compactFormat,
    only: "Answer with these lines and nothing else: no list around them, no commas between them, no empty lines. All keys of a line are compulsory, also error when nothing was wrong, and there are no others.",
    end: 'The last observation contains the words "Task Succeed", its progress is 1 and its error is "none".',
  },
  sparse: {
    format: (thought: string): string => `${compactFormat(thought)}${SPARSE_KEYS}`,
    only: "Answer with these lines and nothing else: no list around them, no commas between them, no empty lines. All other keys of a line are compulsory, and there are no more. A line of the DM without error says that the action was judged and found right.",
    end: 'The last observation contains the words "Task Succeed", its progress is 1 and it has no error.',
  },
} as const satisfies Record<Wire, unknown>;

function rulesFor(errors: ErrorPolicy, { wire, briefDungeonMaster }: ReplyForm): string {
  const rules = [
    FORMS[wire].only,
    "The turns alternate: DM, player, DM, player, …, and the last one is the DM's.",
    'Turn 0 tells the player how things stand and asks for answers in the form "Thought: ..." and "Action: ...". It flags no error.',
    "The player knows only the goal, the actions and what was observed. The DM knows the whole script and does not give away what the player has not found.",
    "The DM is strict: it checks each action against the verification code and the listed parameters, the place and the state of the world, and flags every error. An error changes nothing in the world, and the observation says what went wrong without solving the task.",
    ERROR_RULE[errors],
    "The player's correct actions follow the verification codes and the listed parameters to the letter.",
    `The trajectory ends when all completion conditions hold. ${FORMS[wire].end}`,
    ...(briefDungeonMaster
      ? [
          "The DM's thoughts are brief, one sentence in each turn. The player's thoughts are as long as they need to be.",
        ]
      : []),
  ];
  return rules.map((rule, place) => `${place + 1}. ${rule}`).join("\n");
}

/** The game that is shown, in the form that is asked for. */
function exampleFor(errors: ErrorPolicy, { wire, briefDungeonMaster }: ReplyForm): string {
  const { games, briefThoughts } = examples();
  const turns = games[errors].map((value, number) => {
    const { turn, problem } = turnFromWire(value, number);
    if (turn === undefined) throw new Error(`data/examples.json: turn ${number}: ${problem}`);
    const brief = briefDungeonMaster && turn.role === "DM" ? briefThoughts[errors][number / 2] : undefined;
    return brief === undefined ? turn : { ...turn, thought: brief };
  });
  return turnsToText(turns, wire);
}

const instructions = new Map<string, ChatMessage>();

/**
 * The part of the prompt for a trajectory that is the same for every script, so that providers can cache it. Always the
 * same object, so that it is written as JSON once.
 */
export function instructionFor(errors: ErrorPolicy, form: ReplyForm): ChatMessage {
  const key = JSON.stringify([errors, form.wire, form.briefDungeonMaster]);
  const known = instructions.get(key);
  if (known !== undefined) return known;
  const { format } = FORMS[form.wire];
  const content = `${OPENING}

${format(form.briefDungeonMaster ? BRIEF_THOUGHT : THOUGHT)}

Rules:
${rulesFor(errors, form)}

An example follows, a script and its game.

<script>
${JSON.stringify(examples().worlds[0]?.script)}
</script>
${exampleFor(errors, form)}`;
  const message: ChatMessage = { role: "system", content };
  instructions.set(key, message);
  return message;
}
