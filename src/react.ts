/**
 * The text that training data and evaluated agents both speak: what a player is told first, and the
 * `Thought: … Action: …` form (ReAct) in which it answers. Both sides call these functions, so a tuned model
 * meets in evaluation what it saw in training (paper section 3.3).
 */

/** What a player says in one turn. */
export interface ReAct {
  readonly thought: string;
  readonly action: string;
}

/** What is wrong with a reply that has no single thought and action. It keeps what could be read. */
export type ReActProblem =
  | { readonly code: "missing-action"; readonly thought: string | undefined }
  | { readonly code: "missing-thought"; readonly action: string }
  | {
      readonly code: "several-actions";
      readonly thought: string | undefined;
      readonly actions: readonly string[];
    };

/** An action as a player is told of it. The values of its parameters are not part of this: see {@link Instruction}. */
export interface InstructedAction {
  /** The name with its placeholders, such as `take {object} from {place}`. */
  readonly name: string;
  readonly description?: string;
  readonly specialFormat?: string;
  readonly parameters?: readonly { readonly name: string }[];
}

/**
 * What a player is told before the first observation. It holds nothing that only the dungeon master or the
 * environment may know; the parameters' values are left out because they name objects not yet found.
 */
export interface Instruction {
  /** The world and the state in which it begins. */
  readonly world: string;
  /** What the player can and cannot do. */
  readonly player?: string;
  readonly goal: string;
  readonly actions: readonly InstructedAction[];
  /** A worked example, shown as it is. */
  readonly example?: string;
}

const LINE_BREAK = "[\\n\\r\\u2028\\u2029]";
/** A label as it may stand at the start of a line; models also write `**Thought:**` and `ACTION :`. */
const LABEL = "[ \\t]*(?:\\*\\*)?(thought|action|observation)(?:\\*\\*)?[ \\t]*:";
const LABELS = new RegExp(`^${LABEL}(?:\\*\\*)?`, "gim");
const UNESCAPED = new RegExp(`(?<=${LINE_BREAK})(?=\\\\*${LABEL})`, "gi");
const ESCAPED = new RegExp(`(?<=${LINE_BREAK})\\\\(?=\\\\*${LABEL})`, "gi");
const LEADING_THOUGHT = /^(?:\*\*)?thought(?:\*\*)?[ \t]*:(?:\*\*)?/i;

function labelled(label: string, text: string): string {
  const content = text.trim().replace(UNESCAPED, "\\");
  return content === "" ? `${label}:` : `${label}: ${content}`;
}

/**
 * A thought and an action as `Thought: …\nAction: …`, both trimmed. Either may have several lines. A further
 * line that itself begins with a label gets a backslash before it, which {@link parseReAct} takes away, so
 * that parsing gives back every trimmed thought and every trimmed action that is not empty.
 */
export function formatReAct(turn: ReAct): string {
  return `${labelled("Thought", turn.thought)}\n${labelled("Action", turn.action)}`;
}

/**
 * The thought and the action of a reply, or what is wrong with it. Labels count at the start of a line, in any
 * case, also in bold. The action is all the text after `Action:`, since edited code has several lines, but a
 * following line `Observation:` or `Thought:` ends it: there the model has begun to play the environment. Text
 * before the first label is passed over. A thought may be empty when its label is there; an action may not.
 */
export function parseReAct(text: string): ReAct | ReActProblem {
  const labels = [...text.matchAll(LABELS)];
  const thoughts: string[] = [];
  const actions: string[] = [];
  labels.forEach((label, place) => {
    const kind = label[1]?.toLowerCase();
    const content = text
      .slice(label.index + label[0].length, labels[place + 1]?.index)
      .trim()
      .replace(ESCAPED, "");
    if (kind === "thought" && actions.length === 0) thoughts.push(content);
    if (kind === "action" && content !== "") actions.push(content);
  });
  const thought = thoughts.length === 0 ? undefined : thoughts.join("\n").trim();
  const action = actions[0];
  if (action === undefined) return { code: "missing-action", thought };
  if (actions.length > 1) return { code: "several-actions", thought, actions };
  if (thought === undefined) return { code: "missing-thought", action };
  return { thought, action };
}

/** What a reply that is played has beside one thought and one action, or lacks; none of it hinders the action. */
export const REACT_IRREGULARITIES = [
  "missing-thought",
  "several-actions",
  "text-after-action",
  "observation",
  "action-within-line",
] as const;

/** One of {@link REACT_IRREGULARITIES}. */
export type ReActIrregularity = (typeof REACT_IRREGULARITIES)[number];

/** A reply as it is played. */
interface PlayedReAct {
  readonly thought: string | undefined;
  /** Undefined when there is none. */
  readonly action: string | undefined;
  readonly irregular: readonly ReActIrregularity[];
  /** The reply up to the first observation that the model made up itself. */
  readonly own: string;
}

interface Section {
  readonly kind: string;
  readonly content: string;
}

const BOLD_LABEL = /^[ \t]*\*\*[^*]*$/;
const WITHIN_LINE = /(?<!\\)\bAction:(?:\*\*)?[ \t]*(?=\S)/;

/** The labelled parts of a text, escapes taken away; a bold label may close behind its content. */
function sectionsOf(text: string): readonly Section[] {
  const labels = [...text.matchAll(LABELS)];
  return labels.map((label, place) => {
    const content = text.slice(label.index + label[0].length, labels[place + 1]?.index).trim();
    return {
      kind: label[1]?.toLowerCase() ?? "",
      content: (BOLD_LABEL.test(label[0]) ? content.replace(/\*\*$/, "") : content).replace(ESCAPED, ""),
    };
  });
}

/** The text until an observation that the model wrote itself; one that the reply begins with repeats what was shown. */
function untilObservation(text: string): string {
  const made = [...text.matchAll(LABELS)].find(
    (label) => label[1]?.toLowerCase() === "observation" && text.slice(0, label.index).trim() !== "",
  );
  return made === undefined ? text : text.slice(0, made.index);
}

/** With an action that stands within a line, as in `Thought: I go. Action: turn left`, on a line of its own. */
function onOwnLine(text: string): string {
  const within = WITHIN_LINE.exec(text);
  if (within === null) return text;
  return `${text.slice(0, within.index)}\n${text.slice(within.index)}`;
}

/**
 * Reads a reply that is to be played as AgentBoard reads replies, not as data is checked ({@link parseReAct}): its
 * first action counts, with its first line, or its first `actionLines` in worlds whose actions have several; from an
 * observation on, which the model made up, nothing counts; an action needs no thought.
 */
export function readPlayedReAct(text: string, actionLines = 1): PlayedReAct {
  const whole = untilObservation(text);
  const hasAction = (sections: readonly Section[]): boolean =>
    sections.some(({ kind, content }) => kind === "action" && content !== "");
  const isWithin = !hasAction(sectionsOf(whole));
  const sections = sectionsOf(isWithin ? onOwnLine(whole) : whole);
  const actions = sections.filter(({ kind, content }) => kind === "action" && content !== "");
  const [first] = actions;
  const before = first === undefined ? sections : sections.slice(0, sections.indexOf(first));
  const thoughts = before.filter(({ kind }) => kind === "thought").map(({ content }) => content);
  const thought = thoughts.length === 0 ? undefined : thoughts.join("\n").trim();
  const lines = first?.content.split(/[\n\r\u2028\u2029]+/) ?? [];
  const action = lines.length === 0 ? undefined : lines.slice(0, actionLines).join("\n").trim();
  const goesOn = lines.length > actionLines || sections.at(-1)?.kind === "thought";
  const found: Readonly<Record<ReActIrregularity, boolean>> = {
    "missing-thought": thought === undefined,
    "several-actions": actions.length > 1,
    "text-after-action": goesOn,
    observation: whole.length < text.length,
    "action-within-line": isWithin,
  };
  const irregular = action === undefined ? [] : REACT_IRREGULARITIES.filter((each) => found[each]);
  return { thought, action, irregular, own: whole };
}

/** A reply with ReAct's labels where it has the `Think:` and `Act:` of AgentBench's worlds, as AgentInstruct's have. */
export function withReActLabels(text: string): string {
  const label = (word: string): string => (word.toLowerCase() === "think" ? "Thought" : "Action");
  return text.replace(/^(think|act)(?=[ \t]*:)/gim, label);
}

/**
 * A thought without the `Thought:` that models leave in front of it although they are asked not to (App. M).
 * There is no such function for actions: an action with a label in it was judged as it is.
 */
export function thoughtWithoutLabel(thought: string): string {
  return thought.trim().replace(LEADING_THOUGHT, "").trim();
}

function indented(text: string): string {
  return text.trim().replace(/\r?\n/g, "\n  ");
}

function actionText({ name, description, specialFormat, parameters = [] }: InstructedAction): string {
  const lines = [description ? `- ${indented(name)}: ${indented(description)}` : `- ${indented(name)}`];
  if (specialFormat) lines.push(`  Format: ${indented(specialFormat)}`);
  if (parameters.length > 0) lines.push(`  Parameters: ${parameters.map((each) => each.name).join(", ")}`);
  return lines.join("\n");
}

const ANSWER_FORMAT = `Answer each observation with one thought and one action, in this form and nothing else:
${formatReAct({ thought: "what you know now and what you will do next", action: "one available action, with its parameters filled in" })}`;

/** How the first message of every conversation begins. */
export const OPENING =
  "You are a player in a world made of text. In each turn you observe, think and choose one action.";

/** What a player is told first (the paper's I in Eq. 1): the world, the goal, the actions, the form of an answer. */
export function instructionText(instruction: Instruction): string {
  const { world, player, goal, actions, example } = instruction;
  const sections = [
    OPENING,
    `World:\n${world.trim()}`,
    player?.trim() ? `You:\n${player.trim()}` : "",
    `Goal:\n${goal.trim()}`,
    `Available actions:\n${actions.map(actionText).join("\n")}`,
    ANSWER_FORMAT,
    example?.trim() ? `Example:\n${example.trim()}` : "",
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

/**
 * The first message that a player gets: the instruction, then the first observation. Both are in one message
 * because chat templates want user and assistant to alternate, beginning with the user.
 */
export function firstMessage(instruction: Instruction, observation: string): string {
  return `${instructionText(instruction)}\n\nFirst observation:\n${observation.trim()}`.trim();
}
