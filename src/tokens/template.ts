import type { TrainingMessage } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { chatTemplate } from "./chat-template.ts";
import type { TextTokenizer } from "./text-tokenizer.ts";
import type { TokenizerFolder } from "./tokenizer-folder.ts";

/** A question and its answer as the text of a chat template. The turns' texts in a row are the conversation's. */
export interface RenderedTurn {
  /** What stands before the answer: the user's message and the header of the answer. Never trained. */
  readonly source: string;
  /** The answer with its end-of-turn token, in the loss when `loss` is true. */
  readonly target: string;
  /** What the template writes after the end-of-turn token, such as a line break. Never trained. */
  readonly tail: string;
  readonly loss: boolean;
}

/** Renders the messages of a training example, in which user and assistant alternate. */
export type Render = (messages: readonly TrainingMessage[]) => readonly RenderedTurn[];

/** A template that comes with this project: how a pair of messages is written, for training and for a server. */
interface NamedTemplate {
  /** The special tokens that it writes, the last of which ends a turn. */
  readonly tokens: readonly string[];
  pair(question: string, answer: string, isFirst: boolean): Omit<RenderedTurn, "loss">;
  /** The same in Jinja, as a trained model's folder carries it; with a system message, where one is given. */
  readonly jinja: string;
}

const NAMED = {
  /** Llama 3's, which is also LLaMA-Factory's `llama3`. */
  llama3: {
    tokens: ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
    pair: (question, answer, isFirst) => ({
      source:
        `${isFirst ? "<|begin_of_text|>" : ""}<|start_header_id|>user<|end_header_id|>\n\n${question}<|eot_id|>` +
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
      target: `${answer}<|eot_id|>`,
      tail: "",
    }),
    jinja:
      "{{ '<|begin_of_text|>' }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + " +
      "'<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}",
  },
  /**
   * That of Mistral 7B v0.3 (tokenizer version 3), which is also LLaMA-Factory's `mistral`. The space before an answer
   * belongs to it.
   */
  mistral: {
    tokens: ["<s>", "[INST]", "[/INST]", "</s>"],
    pair: (question, answer, isFirst) => ({
      source: `${isFirst ? "<s>" : ""}[INST] ${question}[/INST]`,
      target: ` ${answer}</s>`,
      tail: "",
    }),
    jinja:
      "{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] + '\\n\\n' %}" +
      "{% set turns = messages[1:] %}{% else %}{% set system = '' %}{% set turns = messages %}{% endif %}" +
      "{{ '<s>' }}{% for message in turns %}{% if message['role'] == 'user' %}{{ '[INST] ' + " +
      "(system if loop.first else '') + message['content'] + '[/INST]' }}{% else %}{{ ' ' + " +
      "message['content'] | trim + '</s>' }}{% endif %}{% endfor %}",
  },
  /**
   * That of Qwen (ChatML) without a system message of its own and without blocks of reasoning, which is LLaMA-Factory's
   * `qwen3_nothink`. The line break after the end-of-turn token is not trained: no engine that generates ever asks for
   * it. Qwen 2.5's own template adds a system message; the folder's own template (`tokenizer`) gives that.
   */
  qwen: {
    tokens: ["<|im_start|>", "<|im_end|>"],
    pair: (question, answer) => ({
      source: `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`,
      target: `${answer}<|im_end|>`,
      tail: "\n",
    }),
    jinja:
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + " +
      "'<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
  },
} as const satisfies Readonly<Record<string, NamedTemplate>>;

/** The name of a template, as the user gives it; `tokenizer` is the folder's own. */
export type TemplateName = keyof typeof NAMED | "tokenizer";

export interface OpenTemplate {
  readonly render: Render;
  /** The special token that ends an answer, at which a trained model stops. */
  readonly endOfTurn: string;
  /** The template in Jinja, as the trained model's folder has to carry it. */
  readonly jinja: string;
  /** What a person should know before training with it, in whole sentences. */
  readonly warnings: readonly string[];
}

/** Renders each pair of a user's and the assistant's message by itself, as these templates do. */
function renderPairs(pair: NamedTemplate["pair"]): Render {
  return (messages) =>
    messages.flatMap((message, place) => {
      const before = messages[place - 1];
      if (message.role !== "assistant" || before === undefined) return [];
      return [{ ...pair(before.content, message.content, place === 1), loss: message.loss }];
    });
}

/** Renders with the folder's own template, when it has one that can be used. */
function ownTemplate(folder: TokenizerFolder, tokenizer: TextTokenizer): OpenTemplate | undefined {
  try {
    return folder.chatTemplate === undefined ? undefined : chatTemplate(folder, tokenizer);
  } catch (error) {
    if (error instanceof AgentRefineError) return undefined;
    throw error;
  }
}

const PROBE: readonly TrainingMessage[] = [
  { role: "user", content: "First question", loss: null },
  { role: "assistant", content: "First answer", loss: true },
  { role: "user", content: "Second question", loss: null },
  { role: "assistant", content: "Second answer", loss: true },
];

/** Says that the folder's own template, which a server would take, writes something else than the chosen one. */
function unlikeOwn(name: string, render: Render, own: Render, path: string): readonly string[] {
  const ending = (turns: readonly RenderedTurn[]): string =>
    turns.map(({ source, target, tail }) => source + target + tail).join("");
  const [chosen, written] = [ending(render(PROBE)).trimEnd(), ending(own(PROBE)).trimEnd()];
  if (chosen === written) return [];
  const shown = JSON.stringify(`${written.slice(0, 60)}…`);
  return [
    `The chat template in ${path} writes otherwise than ${name}: it begins a conversation with ${shown}. ` +
      `Serve the trained model with the template ${name}, or use 'template' tokenizer.`,
  ];
}

/**
 * The template of a name for a tokenizer.
 *
 * @throws AgentRefineError when the tokenizer does not have the template's special tokens, or no template of its own
 *   that can be trained with
 */
export function openTemplate(
  name: TemplateName,
  folder: TokenizerFolder,
  tokenizer: TextTokenizer,
): OpenTemplate {
  if (name === "tokenizer") return chatTemplate(folder, tokenizer);
  const { tokens, pair, jinja } = NAMED[name];
  const missing = tokens.filter((token) => !tokenizer.isSpecial(token));
  if (missing.length > 0) {
    throw new AgentRefineError(
      `the tokenizer in ${folder.path} does not have the special tokens of the template ${name}: ${missing.join(", ")}`,
      { fix: "Give the tokenizer of the model that you train, or use 'template' tokenizer." },
    );
  }
  const render = renderPairs(pair);
  const own = ownTemplate(folder, tokenizer);
  return {
    render,
    endOfTurn: tokens.at(-1) ?? "",
    jinja,
    warnings: own === undefined ? [] : unlikeOwn(name, render, own.render, folder.path),
  };
}
