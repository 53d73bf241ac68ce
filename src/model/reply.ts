import { createHash } from "node:crypto";
import * as z from "zod";
import { defined } from "../defined.ts";
import {
  CHAT_ERROR_CODES,
  type ChatReply,
  type ChatRequest,
  FINISH_REASONS,
  messagesText,
  type Usage,
} from "./chat-model.ts";

/** Checks counts of tokens. */
export const usageSchema: z.ZodType<Usage> = z.object({
  promptTokens: z.number(),
  completionTokens: z.number(),
  cachedTokens: z.number(),
  cacheWriteTokens: z.number().exactOptional(),
  estimated: z.boolean(),
});

export const replySchema = z.object({
  text: z.string(),
  reasoning: z.string().exactOptional(),
  refusal: z.string().exactOptional(),
  finish: z.enum(FINISH_REASONS),
  usage: usageSchema,
});

const brokenSchema = z.object({
  usage: usageSchema,
  error: z.object({ code: z.enum(CHAT_ERROR_CODES), message: z.string() }),
});

const callSchema = z.object({
  /** The first 16 digits of the SHA-256 of the request; a reply is only used for the request it answered. */
  request: z.string(),
  /** Dollars; null when the price is unknown. */
  cost: z.number().nonnegative().nullable(),
});

/** What is kept of every call that cost something, whether it has its reply or not. */
export const boughtCallSchema = callSchema.and(z.union([replySchema, brokenSchema]));

/** A reply as it was bought, written and synced before anything is made of it. */
export type BoughtReply = Readonly<z.infer<typeof callSchema> & z.infer<typeof replySchema>>;

/** The hash by which a recorded reply is matched with the request it answered. */
export function requestHash({ messages }: ChatRequest): string {
  return createHash("sha256").update(messagesText(messages)).digest("hex").slice(0, 16);
}

/** The part of a call's record that its reply fills. */
export function replyFields(reply: ChatReply): z.infer<typeof replySchema> {
  const { text, reasoning, refusal, finish, usage } = reply;
  return {
    text,
    ...defined({ reasoning, refusal }),
    finish,
    usage,
  };
}

/**
 * Why a reply holds no answer at all, whatever was asked:
 * - `empty-reply`: it has no text.
 * - `refused`: the model or a content filter refused.
 * - `cut-off`: it reached the limit of tokens before it was complete.
 * - `tool-call`: it calls a tool, though none was offered.
 * - `reasoning-only`: it ends in its reasoning or behind it.
 */
export const REPLY_FAULT_CODES = [
  "empty-reply",
  "refused",
  "cut-off",
  "tool-call",
  "reasoning-only",
] as const;
/** One of the reasons for which a reply holds no answer. */
type ReplyFaultCode = (typeof REPLY_FAULT_CODES)[number];

/** What a reply without an answer is told to the model, and to people, with what to do about it. */
export const REPLY_FAULT_WORDS: Readonly<Record<ReplyFaultCode, string>> = {
  "empty-reply": "The reply was empty. Write the answer out as text.",
  refused:
    "The request was refused. Everything here is fiction: choose harmless places, things and deeds only, and leave out whatever could hurt or offend.",
  "cut-off":
    "The reply was cut off at the limit of tokens before it was complete. Write it much shorter: fewer places, things and words.",
  "tool-call": "The reply called a tool, and there is none. Write the answer out as text.",
  "reasoning-only": "The reply had reasoning and no answer. Think briefly, then write the answer out.",
};

/**
 * Why a reply has no answer, as far as its end and its emptiness tell; undefined when there is something to be read.
 * A text that was cut off is only then at fault when it cannot be read, which is for its reader to say.
 */
export function replyFault(
  reply: Pick<ChatReply, "text" | "reasoning"> & Partial<Pick<ChatReply, "finish">>,
): ReplyFaultCode | undefined {
  if (reply.finish === "filter") return "refused";
  if (reply.text.trim() !== "") return undefined;
  if (reply.reasoning !== undefined) return "reasoning-only";
  if (reply.finish === "length") return "cut-off";
  return reply.finish === "tool" ? "tool-call" : "empty-reply";
}

/** How many replies show that a thing is no accident. */
const ENOUGH = 3;

/** Says once each what the replies of a run have in common and the user can change. */
export class ReplyNotes {
  readonly #tell: (note: string) => void;
  readonly #told = new Set<string>();
  #replies = 0;
  #cut = 0;
  #withReasoning = 0;

  constructor(tell: (note: string) => void) {
    this.#tell = tell;
  }

  take({
    finish,
    reasoningInText = false,
  }: Pick<ChatReply, "finish"> & { readonly reasoningInText?: boolean }): void {
    this.#replies += 1;
    this.#withReasoning = reasoningInText ? this.#withReasoning + 1 : 0;
    if (finish === "length") this.#cut += 1;
    if (this.#withReasoning >= ENOUGH)
      this.#tellOnce(
        "reasoning",
        "the server sends its reasoning inside the text, so it lacks a reasoning parser: replies are read, but are judged late",
      );
    if (this.#cut >= ENOUGH && this.#cut * 2 >= this.#replies)
      this.#tellOnce(
        "cut",
        `${this.#cut} of ${this.#replies} replies were cut off at the limit of tokens: raise 'maxTokens'`,
      );
  }

  #tellOnce(kind: string, note: string): void {
    if (!this.#told.has(kind)) this.#tell(note);
    this.#told.add(kind);
  }
}

/** A reply taken apart into its reasoning and its answer. */
interface SplitReply {
  /** What the model thought before it answered, without the tags; empty when there is none. */
  readonly reasoning: string;
  readonly text: string;
  /** Whether a reasoning was begun and never ended, as in a reply that was cut. */
  readonly open: boolean;
}

// Servers without a reasoning parser pass on what the model writes: <think> (DeepSeek, Qwen, QwQ, whose templates
// often open it in the prompt, so that only the end comes), <thinking>, <seed:think>, [THINK] (Magistral), Cohere's
// tokens, and the channels of gpt-oss, with their special tokens or without ("analysis…assistantfinal…").
const NAMES = "think|thinking|thought|reasoning|seed:think";
const CLOSING = new RegExp(
  `</(?:${NAMES})>|\\[/THINK\\]|<\\|END_THINKING\\|>|<\\|channel\\|>final[^<]{0,20}(?:<\\|constrain\\|>[^<]{0,20})?<\\|message\\|>`,
  "i",
);
const OPENING = new RegExp(
  `(?:^|\\n)[ \\t]*(?:<(?:${NAMES})>|\\[THINK\\]|<\\|START_THINKING\\|>|(?:<\\|start\\|>assistant)?<\\|channel\\|>(?!final)\\w*(?:<\\|message\\|>)?)`,
  "i",
);
const BARE_OPENING = /^\s*analysis(?=[A-Z])/;
const BARE_CLOSING = new RegExp(`assistantfinal|${CLOSING.source}`, "i");
const LAST_TOKENS = /(?:<\|(?:return|end|START_RESPONSE|END_RESPONSE)\|>\s*)+$/;
/** No closing tag is longer, so that one that is spread over pieces is found where they join. */
const LONGEST_TAG = 100;

/** How much of a reply's beginning says whether it is JSON. */
const BEGINNING = 64;
const JSON_BEGINS = /^(?:```\w*\s*)?(?:\{\s*["}]|\[\s*[{\]])/;

/**
 * Takes the reasoning off a reply that arrives in pieces; what comes out does not depend on how it was cut into
 * pieces. What begins with JSON is the answer and passes through at once, with all that follows. Anything else may
 * be reasoning, also without an opening tag, and is held back until a closing tag shows that it was, or the end
 * that it was not.
 */
export class ReasoningReader {
  /** What was held back of the part that began after the last closing tag, and its first characters. */
  #held: string[] = [];
  #beginning = "";
  /** The end of what was searched, in which a closing tag may have begun. */
  #tail = "";
  #isAnswer = false;
  readonly #reasoning: string[] = [];

  /** Takes the next piece and returns what is known to be of the answer. */
  push(piece: string): string {
    let rest = piece;
    while (!this.#isAnswer && rest !== "") {
      this.#look(rest);
      if (this.#isAnswer) return this.#release() + rest;
      rest = this.#hold(rest);
    }
    return rest;
  }

  /** Says that the reply has ended; `text` is what of the answer was still held back. */
  end(): SplitReply {
    const rest = this.#release();
    const opening = OPENING.exec(rest) ?? (this.#isBare() ? BARE_OPENING.exec(rest) : null);
    const text = opening === null ? rest : rest.slice(0, opening.index);
    if (opening !== null) this.#reasoning.push(rest.slice(text.length));
    const reasoning = this.#reasoning.map(withoutTags).join("\n").trim();
    return { reasoning, text, open: opening !== null };
  }

  /** Looks whether what comes begins as JSON does. */
  #look(rest: string): void {
    if (this.#beginning.length === BEGINNING) return;
    const more = this.#beginning === "" ? rest.trimStart() : rest;
    this.#beginning = (this.#beginning + more.slice(0, BEGINNING)).slice(0, BEGINNING);
    this.#isAnswer = JSON_BEGINS.test(this.#beginning);
  }

  /** Holds text back up to the end of a reasoning, and returns what comes after that. */
  #hold(rest: string): string {
    const searched = this.#tail + rest;
    const tag = (this.#isBare() ? BARE_CLOSING : CLOSING).exec(searched);
    if (tag === null) {
      this.#held.push(rest);
      this.#tail = searched.slice(-LONGEST_TAG);
      return "";
    }
    const end = tag.index + tag[0].length - this.#tail.length;
    this.#held.push(rest.slice(0, end));
    this.#reasoning.push(this.#release());
    this.#beginning = "";
    this.#tail = "";
    return rest.slice(end);
  }

  /** Whether it may be gpt-oss's channels without their special tokens. */
  #isBare(): boolean {
    return this.#reasoning.length === 0 && BARE_OPENING.test(this.#beginning);
  }

  #release(): string {
    const text = this.#held.join("");
    this.#held = [];
    return text;
  }
}

function withoutTags(part: string): string {
  const inner = BARE_OPENING.test(part)
    ? part.replace(BARE_OPENING, "").replace(/assistantfinal$/i, "")
    : part.replace(new RegExp(OPENING, "gi"), "\n");
  return inner.replace(new RegExp(CLOSING, "gi"), "").trim();
}

/**
 * Takes a whole reply apart: what stands before the last closing tag is reasoning, whether it was opened or not.
 * A closing tag inside a reply that begins with JSON is a part of it. See docs/decisions/0002.
 */
export function splitReasoning(reply: string): SplitReply {
  const reader = new ReasoningReader();
  const passed = reader.push(reply);
  const { reasoning, text, open } = reader.end();
  const answer = passed + text;
  return { reasoning, text: answer === reply ? reply : answer.trimStart().replace(LAST_TOKENS, ""), open };
}

/** A reply whose text is its answer alone: reasoning that the text brought is put where reasoning belongs. */
export function withReasoningApart<Reply extends Pick<ChatReply, "text" | "reasoning">>(reply: Reply): Reply {
  const { reasoning, text } = splitReasoning(reply.text);
  if (text === reply.text && reasoning === "") return reply;
  const all = [reply.reasoning ?? "", reasoning].filter((part) => part !== "");
  return { ...reply, text, ...(all.length === 0 ? {} : { reasoning: all.join("\n") }) };
}
