import type { ChatReply } from "./chat-model.ts";

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
