import type { ChatMessage, ChatModel, ChatReply, ChatRequest } from "../model/chat-model.ts";
import { splitReasoning } from "../model/reasoning.ts";
import { firstMessage, type Instruction } from "../react.ts";
import type { Agent, Briefing, Move, PlayedTrial, Player, Reflection } from "./agent.ts";
import { chatWithin } from "./chat-within.ts";
import { EMPTY_REPLY, malformedObservation, readReply } from "./read-reply.ts";

/** How {@link reactAgent} asks its model. */
interface ReactOptions {
  /** The most tokens that the model is asked for in a reply: a reply cut before is taken for a full context. */
  readonly maxTokens?: number | undefined;
  /**
   * Where a reply of a thought and an action is to end, as far as the server takes it: what a model writes after its
   * action, it makes up.
   */
  readonly stopAt?: readonly string[] | undefined;
  /** Whether tasks that have a temperature of their own are asked at it. */
  readonly taskTemperatures?: boolean | undefined;
}

/** How many lessons are kept in mind, as in Reflexion. */
const LESSONS_KEPT = 3;

/** The instruction with what was learnt in earlier trials; as it is when nothing was. */
function withLessons(instruction: Instruction, lessons: readonly string[]): Instruction {
  if (lessons.length === 0) return instruction;
  const kept = lessons.slice(-LESSONS_KEPT);
  const first = lessons.length - kept.length + 1;
  const notes = kept.map((lesson, place) => `- After trial ${first + place}: ${lesson.trim()}`);
  const memory = `You have tried this before and failed. What you noted then:\n${notes.join("\n")}`;
  const player = instruction.player?.trim();
  return { ...instruction, player: player ? `${player}\n${memory}` : memory };
}

interface Turn {
  readonly move: Move;
  /** What stands in the conversation for the reply. */
  readonly content: string;
}

function turnOf(reply: ChatReply, actionLines: number | undefined): Turn {
  const { content, ...read } = readReply(reply, actionLines);
  if ("malformed" in read) {
    const observation = malformedObservation(read.malformed);
    return { move: { code: "malformed", problem: read.malformed, observation, reply }, content };
  }
  const { thought, action, irregular } = read;
  const said = { action, ...(thought === undefined ? {} : { thought }) };
  const odd = irregular.length === 0 ? {} : { irregular };
  return { move: { code: "action", ...said, ...odd, reply }, content };
}

/** A reply of an agent that just talks: all of it but the reasoning is its action, also when that is nothing. */
function talkOf(reply: ChatReply): Turn {
  const action = splitReasoning(reply.text).text.trim();
  return { move: { code: "action", action, reply }, content: action === "" ? EMPTY_REPLY : action };
}

/** How the replies of an attempt are drawn, where that is not the model's own way. */
function samplingOf(
  { task, instruction }: Briefing,
  { stopAt, taskTemperatures = false }: ReactOptions,
): Pick<ChatRequest, "sampling"> {
  const sampling = {
    ...(taskTemperatures && task.temperature !== undefined ? { temperature: task.temperature } : {}),
    ...(instruction === undefined || stopAt === undefined ? {} : { stop: stopAt }),
  };
  return Object.keys(sampling).length === 0 ? {} : { sampling };
}

function beginReAct(model: ChatModel, briefing: Briefing, options: ReactOptions): Player {
  const { instruction, lessons, actionLines } = briefing;
  const { maxTokens } = options;
  const sampling = samplingOf(briefing, options);
  const messages: ChatMessage[] = [];
  let forgotten = 0;
  const first = (observation: string): string =>
    instruction === undefined ? observation : firstMessage(withLessons(instruction, lessons), observation);
  return {
    messages: () => [...messages],
    act: async ({ observation }) => {
      const isFirst = messages.length === 0;
      messages.push({ role: "user", content: isFirst ? first(observation) : observation.trim() });
      const fitting = await chatWithin(model, messages, { forgotten, maxTokens, ...sampling });
      forgotten = fitting.forgotten;
      const { reply } = fitting;
      const { move, content } = instruction === undefined ? talkOf(reply) : turnOf(reply, actionLines);
      messages.push({ role: "assistant", content });
      return forgotten === 0 ? move : { ...move, forgotten };
    },
  };
}

/**
 * The paper's agent (section 4.1): a chat in which the first message has the instruction and the first
 * observation, each reply is a thought and an action, and each further message is an observation. The first
 * message comes from the function that writes the training data's. Replies are read as AgentBoard reads them
 * ({@link readReply}); neither reasoning nor observations that the model makes up go back into the conversation. When
 * the conversation is too long for the model, its oldest turns are left out ({@link chatWithin}).
 *
 * Where a suite has no instruction it just talks: what it is shown is sent as it is, and its reply is the action.
 */
export function reactAgent(model: ChatModel, options: ReactOptions = {}): Agent {
  return { name: "react", begin: (briefing) => beginReAct(briefing.recorded(model), briefing, options) };
}

/** What a model is asked after a trial that failed. */
function reflectionMessages(
  messages: readonly ChatMessage[],
  { goal, ending }: PlayedTrial,
): readonly ChatMessage[] {
  const log = messages
    .map(({ role, content }) => (role === "assistant" ? `Player:\n${content}` : `World:\n${content}`))
    .join("\n\n");
  const content = `Below is the log of a player who failed to reach this goal: ${goal.trim()}
The attempt ended because ${ending}. Find out where it went wrong. Then write, in at most four sentences and to the player, what to do differently in the next attempt: a new plan with the concrete actions that matter. Write the plan only.

Log:
${log}`;
  return [{ role: "user", content }];
}

/**
 * Reflexion (Shinn et al., 2024; App. G) around an agent that talks to a model: after a trial that failed, the
 * model looks back at its log, and what it writes stands in the first message of the next trial. `trials` counts
 * the first one. The paper does not say how many it used.
 */
export function withReflexion(
  agent: Agent,
  model: ChatModel,
  trials: number,
  { maxTokens }: ReactOptions = {},
): Agent {
  const reflect: NonNullable<Agent["reflect"]> = async (played, { recorded }): Promise<Reflection> => {
    const { reply, messages } = await chatWithin(recorded(model), played.messages, {
      forgotten: 0,
      maxTokens,
      ask: (conversation) => reflectionMessages(conversation, played),
    });
    return { lesson: splitReasoning(reply.text).text.trim(), messages, reply };
  };
  return { name: `${agent.name}+reflexion`, begin: (briefing) => agent.begin(briefing), trials, reflect };
}
