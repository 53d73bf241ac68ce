import { Template } from "@huggingface/jinja";
import type { TrainingMessage } from "../dataset/training-example.ts";
import { AgentRefineError, errorMessage } from "../errors.ts";
import type { OpenTemplate, Render, RenderedTurn } from "./template.ts";
import type { TextTokenizer } from "./text-tokenizer.ts";
import type { TokenizerFolder } from "./tokenizer-folder.ts";

/** What a template writes around a question and its answer. */
interface Shape {
  readonly before: string;
  readonly between: string;
  readonly lead: string;
  readonly end: string;
  readonly tail: string;
}

/** How many characters around a place a message shows. */
const SHOWN = 30;
const OTHERS = "Use 'template' llama3, mistral or qwen.";

/** Texts that no template writes of itself; three pairs show whether later ones are alike. */
const PROBES = [0, 1, 2].map((number) => ({
  question: `questionprobe${number}x`,
  answer: `answerprobe${number}x`,
}));

function differs(whole: string, part: string): string {
  let at = 0;
  while (at < part.length && part.charAt(at) === whole.charAt(at)) at += 1;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - SHOWN), at + SHOWN));
  return `${around(part)} becomes ${around(whole)}`;
}

function newText(path: string, whole: string, part: string): string {
  if (whole.startsWith(part)) return whole.slice(part.length);
  throw new AgentRefineError(
    `the chat template in ${path} is not prefix-stable: with more messages, ${differs(whole, part)}`,
    { fix: "Use 'template' llama3, mistral or qwen, or give a folder with a training template." },
  );
}

function splitTail(
  path: string,
  text: string,
  tokenizer: TextTokenizer,
): Pick<RenderedTurn, "target" | "tail"> {
  const target = text.trimEnd();
  if (tokenizer.specialAtEnd(target) !== undefined) return { target, tail: text.slice(target.length) };
  throw new AgentRefineError(
    `the chat template in ${path} ends an answer with ${JSON.stringify(text.slice(-SHOWN))}, which is no special token`,
    { fix: `${OTHERS.slice(0, -1)}: without an end-of-turn token a model never learns to stop.` },
  );
}

function jinjaRenderer({ path, bosToken, eosToken }: TokenizerFolder, jinja: string) {
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw new AgentRefineError(`the chat template in ${path} failed: ${errorMessage(error)}`, {
        fix: OTHERS,
        cause: error,
      });
    }
  };
  const template = attempt(() => new Template(jinja));
  return (messages: readonly TrainingMessage[], asksForAnswer: boolean): string =>
    attempt(() =>
      template.render({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: asksForAnswer,
        bos_token: bosToken ?? "",
        eos_token: eosToken ?? "",
      }),
    );
}

function shapeOf(turn: RenderedTurn, { question, answer }: (typeof PROBES)[number]): Shape | undefined {
  const [before, between, ...moreSource] = turn.source.split(question);
  const [lead, end, ...moreTarget] = turn.target.split(answer);
  const isPlain = moreSource.length + moreTarget.length === 0;
  return isPlain && before !== undefined && between !== undefined && lead !== undefined && end !== undefined
    ? { before, between, lead, end, tail: turn.tail }
    : undefined;
}

/** The shapes of the first and of every later pair, from a conversation of probes; undefined when there are none. */
function shapesOf(
  turns: readonly RenderedTurn[],
): { readonly first: Shape; readonly later: Shape } | undefined {
  const [first, later, last] = turns.map((turn, place) => PROBES[place] && shapeOf(turn, PROBES[place]));
  if (first === undefined || later === undefined) return undefined;
  return JSON.stringify(later) === JSON.stringify(last) ? { first, later } : undefined;
}

/**
 * The same as `render`, which renders every prefix of a conversation, for most templates at the price of rendering it
 * once: what the template writes around questions and answers is learned from a made-up conversation, and used
 * wherever it gives exactly the text that the template writes for the whole conversation.
 */
function learned(
  render: Render,
  wholeText: (messages: readonly TrainingMessage[]) => string,
  shapes: { readonly first: Shape; readonly later: Shape },
): Render {
  return (messages) => {
    const turns = messages.flatMap((message, place): RenderedTurn[] => {
      const question = messages[place - 1];
      if (message.role === "user" || question === undefined) return [];
      const { before, between, lead, end, tail } = place === 1 ? shapes.first : shapes.later;
      const source = before + question.content + between;
      return [{ source, target: lead + message.content + end, tail, loss: message.loss }];
    });
    const text = turns.map(({ source, target, tail }) => source + target + tail).join("");
    return text === wholeText(messages) ? turns : render(messages);
  };
}

/** What a person should know of a template, by what it writes before an answer and by its text. */
function warningsOf(path: string, lead: string, jinja: string): readonly string[] {
  return [
    ...(lead.trim() === ""
      ? []
      : [
          `The chat template in ${path} ignores add_generation_prompt, so that ${JSON.stringify(lead)} before each answer is trained too.`,
        ]),
    ...(/\bstrftime_now\b/.test(jinja)
      ? [
          `The chat template in ${path} writes the day on which it is used: all rows have today's, a server will write another.`,
        ]
      : []),
  ];
}

/**
 * The folder's own chat template. Which text is an answer shows by what the template adds when the answer is added, so
 * the text of earlier messages must not change when more follow.
 *
 * @throws AgentRefineError when there is no template, it cannot be run, it is not prefix-stable, or it ends no answer
 *   with a special token; also when that shows only as a conversation is rendered
 */
export function chatTemplate(folder: TokenizerFolder, tokenizer: TextTokenizer): OpenTemplate {
  const { path, chatTemplate: jinja } = folder;
  if (jinja === undefined) {
    throw new AgentRefineError(`the tokenizer in ${path} has no chat template`, { fix: OTHERS });
  }
  const write = jinjaRenderer(folder, jinja);
  const renderPrefixes: Render = (messages) => {
    let before = "";
    return messages.flatMap((message, place): RenderedTurn[] => {
      if (message.role === "user") return [];
      const asked = write(messages.slice(0, place), true);
      const answered = write(messages.slice(0, place + 1), false);
      const source = newText(path, asked, before);
      before = answered;
      return [{ source, ...splitTail(path, newText(path, answered, asked), tokenizer), loss: message.loss }];
    });
  };
  const probed = renderPrefixes(
    PROBES.flatMap(({ question, answer }): TrainingMessage[] => [
      { role: "user", content: question, loss: null },
      { role: "assistant", content: answer, loss: true },
    ]),
  );
  const shapes = shapesOf(probed);
  const [first] = probed;
  return {
    render:
      shapes === undefined
        ? renderPrefixes
        : learned(renderPrefixes, (messages) => write(messages, false), shapes),
    endOfTurn: (first && tokenizer.specialAtEnd(first.target)) ?? "",
    jinja,
    warnings: warningsOf(path, first?.target.split(PROBES[0]?.answer ?? "")[0] ?? "", jinja),
  };
}
