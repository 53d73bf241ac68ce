import type { TrainingExample, TrainingMessage } from "./training-example.ts";
import type { ParquetTable } from "./write-parquet.ts";

/** A kind of file, by the ending of its name. */
export type FileEnding = ".jsonl" | ".parquet";

/** What a README calls the assistant's turns that are trained and those that are not. */
export interface TurnWords {
  readonly trained: string;
  readonly masked: string;
}

interface AnyFormat {
  /** What a row is, in words for the command line's help. */
  readonly makes: string;
  /** The endings that its file may have; none for a folder. */
  readonly endings: readonly FileEnding[];
}

export interface TextFormat extends AnyFormat {
  readonly kind: "text";
  /** The schema of its Parquet files; given when `.parquet` is among the endings. */
  readonly table?: ParquetTable;
  /** How the mask is written, as a sentence of the README beside the data. */
  mask(words: TurnWords): string;
  /** What engines may train beyond Eq. 1 without its being a mistake of theirs, as a sentence. */
  readonly beyond?: string;
  /**
   * The rows of one example, in the order of its turns. None when no turn of it is trained: services refuse such rows,
   * and engines average over nothing.
   */
  rows(example: TrainingExample): readonly object[];
}

export interface TokenizedFormat extends AnyFormat, Pick<TextFormat, "mask"> {
  readonly kind: "tokenized";
}

/** The trajectories themselves, which are no training examples. */
interface TrajectoryFormat extends AnyFormat {
  readonly kind: "trajectories";
}

export type Format = TextFormat | TokenizedFormat | TrajectoryFormat;

export function isTrainable({ messages }: TrainingExample): boolean {
  return messages.some(({ loss }) => loss === true);
}

function text(format: Omit<TextFormat, "kind">): TextFormat {
  return {
    ...format,
    kind: "text",
    rows: (example) => (isTrainable(example) ? format.rows(example) : []),
  };
}

function tokens(makes: string, ...endings: readonly FileEnding[]): TokenizedFormat {
  return {
    kind: "tokenized",
    makes,
    endings,
    mask: ({ trained }) =>
      `\`labels\` is the token's id on ${trained}, with their end-of-turn token, else -100.`,
  };
}

function plain({ role, content }: TrainingMessage): object {
  return { role, content };
}

/** A row of the published AgentRefine sets; the order of the keys is theirs. */
export function conversationRow({ id, messages }: TrainingExample): object {
  return {
    id,
    conversations: messages.map(({ role, content, loss }) => ({
      from: role === "user" ? "human" : "gpt",
      loss,
      value: content,
    })),
  };
}

export function textColumn(name: string): ParquetTable["schema"][number] {
  return { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" };
}

/**
 * The Parquet schema of `conversations`: id: string, conversations: list<struct<from: string, loss: boolean, value:
 * string>>. Everything is optional, as in the files that Hugging Face's `datasets` writes, so that such files can be
 * read together with these.
 */
export const CONVERSATION_TABLE: ParquetTable = {
  columns: ["id", "conversations"],
  schema: [
    { name: "schema", num_children: 2 },
    textColumn("id"),
    { name: "conversations", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", num_children: 3 },
    textColumn("from"),
    { name: "loss", type: "BOOLEAN", repetition_type: "OPTIONAL" },
    textColumn("value"),
  ],
};

/**
 * What is true of engines that put a chat template around rows that end on a trained turn. ChatML puts a line feed
 * behind its end-of-turn token, Llama 3 none.
 */
const LINE_FEED =
  "Where the chat template puts a line feed behind the end-of-turn token, as ChatML does, engines that train all of the " +
  "last turn train that one token a row beyond Eq. 1.";

/**
 * A row for each correct turn of the assistant, with everything before it as context, error turns included. Early
 * turns are read again for each later one: about half the number of turns times the tokens.
 */
function onEachTrained<Row>(
  { messages }: TrainingExample,
  row: (before: readonly object[], trained: object) => Row,
): readonly Row[] {
  return messages.flatMap((message, place) =>
    message.loss === true ? [row(messages.slice(0, place).map(plain), plain(message))] : [],
  );
}

/**
 * Every form in which a run can be exported (paper section 3.3, Eq. 1: which of the turns are trained). Which engine
 * computes Eq. 1 from which of them is in `engines.ts`.
 */
export const FORMATS = {
  conversations: text({
    makes: "{id, conversations: [{from, loss, value}]}, the schema of the published AgentRefine sets",
    endings: [".jsonl", ".parquet"],
    table: CONVERSATION_TABLE,
    mask: ({ trained, masked }) =>
      `\`loss\` is true on ${trained}, false on ${masked} and null on the user's.`,
    rows: (example) => [conversationRow(example)],
  }),
  messages: text({
    makes: "{id, messages: [{role, content, train, loss}]}, for axolotl and ms-swift",
    endings: [".jsonl"],
    mask: ({ trained, masked }) => `\`train\` and \`loss\` are true on ${trained} and false on ${masked}.`,
    // axolotl reads `train`, ms-swift `loss`, as a boolean of the assistant; both mask the user's messages anyway.
    rows: ({ id, messages }) => [
      {
        id,
        messages: messages.map((message) =>
          message.role === "user"
            ? plain(message)
            : { ...plain(message), train: message.loss, loss: message.loss },
        ),
      },
    ],
  }),
  openai: text({
    makes: "{messages: [{role, content, weight}]}, weights on the assistant's messages only",
    endings: [".jsonl"],
    mask: ({ trained, masked }) => `\`weight\` is 1 on ${trained} and 0 on ${masked}.`,
    // No other key: the service refuses what it does not know.
    rows: ({ messages }) => [
      {
        messages: messages.map((message) =>
          message.role === "user" ? plain(message) : { ...plain(message), weight: message.loss ? 1 : 0 },
        ),
      },
    ],
  }),
  together: text({
    makes: "{messages: [{role, content, weight}]}, a weight on every message",
    endings: [".jsonl"],
    mask: ({ trained }) => `\`weight\` is 1 on ${trained} and 0 on everything else, the user's messages too.`,
    // As soon as one message has a weight, Together trains on whatever is not weighted 0; it refuses other keys.
    rows: ({ messages }) => [
      { messages: messages.map((message) => ({ ...plain(message), weight: message.loss === true ? 1 : 0 })) },
    ],
  }),
  "llamafactory-v1": text({
    makes: "{messages: [{role, content: [{type, value}], loss_weight}]}, for LLaMA-Factory's v1 engine",
    endings: [".jsonl"],
    mask: ({ trained }) => `\`loss_weight\` is 1 on ${trained} and 0 on everything else.`,
    // The content is a list of blocks, never a string, and the weight always a number: the engine fails on null.
    rows: ({ messages }) => [
      {
        messages: messages.map(({ role, content, loss }) => ({
          role,
          content: [{ type: "text", value: content }],
          loss_weight: loss === true ? 1 : 0,
        })),
      },
    ],
  }),
  prefix: text({
    makes: "{messages: [{role, content}]}, one row for each correct turn, ending on it",
    endings: [".jsonl"],
    mask: ({ trained }) =>
      `Rows end on ${trained}, one row for each, and only the last turn of a row may be trained.`,
    beyond: LINE_FEED,
    rows: (example) => onEachTrained(example, (before, trained) => ({ messages: [...before, trained] })),
  }),
  "prompt-completion": text({
    makes: "{prompt: [{role, content}], completion: [{role, content}]}, one row for each correct turn",
    endings: [".jsonl"],
    mask: ({ trained }) => `Rows end on ${trained}, one row for each; only \`completion\` may be trained.`,
    beyond: LINE_FEED,
    rows: (example) =>
      onEachTrained(example, (before, trained) => ({ prompt: before, completion: [trained] })),
  }),
  "hf-disk": tokens("a folder for load_from_disk, with labels: LLaMA-Factory, TRL, Unsloth"),
  "tokenized-jsonl": tokens("{input_ids, attention_mask, labels}: axolotl, TRL, Unsloth", ".jsonl"),
  "tokenized-parquet": tokens(
    "input_ids, attention_mask, labels: axolotl, TRL, Unsloth, Together",
    ".parquet",
  ),
  trajectories: {
    kind: "trajectories",
    makes: "{id, persona, script, trajectory}, the scripts and turns as the model wrote them",
    endings: [".jsonl"],
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;

type NameOf<Kind extends Format["kind"]> = {
  [Name in FormatName]: (typeof FORMATS)[Name]["kind"] extends Kind ? Name : never;
}[FormatName];

export type TextFormatName = NameOf<"text">;
export type TokenizedFormatName = NameOf<"tokenized">;
/** Every form in which training examples leave this program. */
export type ExampleFormatName = TextFormatName | TokenizedFormatName;

export const FORMAT_NAMES: readonly FormatName[] = Object.keys(FORMATS).filter(isFormatName);

function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

export function isTokenized(name: FormatName): name is TokenizedFormatName {
  return FORMATS[name].kind === "tokenized";
}
