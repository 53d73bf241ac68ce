import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { FORMAT_NAMES, FORMATS, type TextFormat, type TextFormatName } from "./formats.ts";
import { MemorySink } from "./testing/memory-sink.ts";
import { anyTrajectory, bakeryTrajectory } from "./testing/trajectories.ts";
import { type TrainingExample, trainingExample } from "./training-example.ts";
import { writeParquet } from "./write-parquet.ts";

const TEXT = FORMAT_NAMES.flatMap((name): readonly (readonly [TextFormatName, TextFormat])[] => {
  const format = FORMATS[name];
  return format.kind === "text" ? [[name as TextFormatName, format]] : [];
});

const bakery = trainingExample("p1", bakeryTrajectory)!;

/** What an engine trains: a text and everything that stands before it. */
type Trained = readonly (readonly [context: readonly string[], target: string])[];

function trainedOf(example: TrainingExample): Trained {
  const texts = example.messages.map(({ content }) => content);
  return example.messages.flatMap(({ content, loss }, place) =>
    loss ? [[texts.slice(0, place), content] as const] : [],
  );
}

interface AnyMessage {
  readonly [key: string]: unknown;
}

/** A row of any format; each reader uses the keys of its own. */
interface AnyRow {
  readonly conversations: readonly AnyMessage[];
  readonly messages: readonly AnyMessage[];
  readonly prompt: readonly AnyMessage[];
  readonly completion: readonly AnyMessage[];
}

function marked(
  messages: readonly AnyMessage[],
  text: (message: AnyMessage) => string,
  key: string,
): Trained {
  const texts = messages.map(text);
  return messages.flatMap((message, place) =>
    message[key] === true || message[key] === 1 ? [[texts.slice(0, place), texts[place]!] as const] : [],
  );
}

const content = (message: AnyMessage): string => message.content as string;
const blocks = (message: AnyMessage): string => (message.content as { value: string }[])[0]!.value;

/** Reads rows as the engine of each format reads them. */
const READ: Readonly<Record<TextFormatName, (rows: readonly AnyRow[]) => Trained>> = {
  conversations: ([row]) => marked(row!.conversations, (message) => message.value as string, "loss"),
  messages: ([row]) => marked(row!.messages, content, "train"),
  openai: ([row]) => marked(row!.messages, content, "weight"),
  together: ([row]) => marked(row!.messages, content, "weight"),
  "llamafactory-v1": ([row]) => marked(row!.messages, blocks, "loss_weight"),
  prefix: (rows) =>
    rows.map(({ messages }) => [messages.slice(0, -1).map(content), content(messages.at(-1)!)] as const),
  "prompt-completion": (rows) =>
    rows.map(({ prompt, completion }) => [prompt.map(content), content(completion[0]!)] as const),
};

describe.each(TEXT)("%s", (name, format) => {
  it("trains exactly the turns of Eq. 1, each with everything before it", () => {
    fc.assert(
      fc.property(anyTrajectory, (trajectory) => {
        const example = trainingExample("p1", trajectory);
        fc.pre(example !== undefined);
        const rows = format.rows(example!) as readonly AnyRow[];
        expect(rows.length === 0 ? [] : READ[name](rows)).toEqual(trainedOf(example!));
      }),
    );
  });

  it("has no row for an example of which nothing is trained", () => {
    const messages = bakery.messages.map((each) => (each.role === "user" ? each : { ...each, loss: false }));
    expect(format.rows({ id: "p2", messages })).toEqual([]);
    expect(format.rows(bakery)).toHaveLength(/^pr/.test(name) ? 3 : 1);
  });

  it("has a Parquet schema exactly when it can be a Parquet file", async () => {
    expect(format.table !== undefined).toBe(format.endings.includes(".parquet"));
    if (format.table === undefined) return;
    const sink = new MemorySink();
    await writeParquet(format.rows(bakery), format.table, sink);
    expect(await parquetReadObjects({ file: sink.bytes().buffer })).toEqual(format.rows(bakery));
  });
});

describe("the keys that engines are strict about", () => {
  const keys = (value: object | undefined): readonly string[] => Object.keys(value ?? {});
  const first = (name: TextFormatName): AnyRow => FORMATS[name].rows(bakery)[0] as AnyRow;

  it("are the only ones where services refuse others", () => {
    expect(keys(first("openai"))).toEqual(["messages"]);
    expect(first("openai").messages.slice(0, 2).map(keys)).toEqual([
      ["role", "content"],
      ["role", "content", "weight"],
    ]);
    expect(keys(first("together"))).toEqual(["messages"]);
    expect(first("together").messages.map((message: AnyMessage) => message.weight)).toEqual([
      0, 1, 0, 0, 0, 0, 0, 1, 0, 1,
    ]);
    expect(keys(first("prompt-completion"))).toEqual(["prompt", "completion"]);
  });

  it("carry both masks of `messages` as booleans on the assistant only", () => {
    const { messages } = first("messages");
    expect(messages[0]).toEqual({ role: "user", content: bakery.messages[0]!.content });
    expect(messages[3]).toMatchObject({ role: "assistant", train: false, loss: false });
    expect(messages[7]).toMatchObject({ role: "assistant", train: true, loss: true });
  });

  it("give LLaMA-Factory v1 a number on every message and content in blocks", () => {
    expect(first("llamafactory-v1").messages[3]).toEqual({
      role: "assistant",
      content: [{ type: "text", value: "Thought: I force it.\nAction: open bin" }],
      loss_weight: 0,
    });
    expect(first("llamafactory-v1").messages[0]!.loss_weight).toBe(0);
  });
});

describe("conversations", () => {
  it("has the published keys in the published order", () => {
    const text = JSON.stringify(FORMATS.conversations.rows(bakery)[0]);
    expect(text.startsWith('{"id":"p1","conversations":[{"from":"human","loss":null,"value":"')).toBe(true);
    expect(text).toContain('{"from":"gpt","loss":false,"value":"Thought: I force it.\\nAction: open bin"}');
  });
});
