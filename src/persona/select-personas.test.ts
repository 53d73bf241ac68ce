import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { readPersonas } from "./read-personas.ts";
import {
  type BadLine,
  type Selection,
  type SelectPersonasOptions,
  selectPersonas,
} from "./select-personas.ts";

const CONTENT = [
  '{"persona":"A baker who keeps bees on the roof of her shop and sells the honey"}',
  "{",
  '{"persona":"A diver who maps wrecks"}',
  '{"persona":" A diver who maps wrecks "}',
  '{"persona":"a baker who keeps bees on the roof of her shop and sells honey"}',
  '{"text":"x"}',
  '{"persona":"A tuner of church organs"}',
].join("\n");

function select(options: Partial<SelectPersonasOptions> = {}, content = CONTENT): Selection {
  return selectPersonas(readPersonas(Readable.from([content])), { name: "people.jsonl", ...options });
}

async function texts(selection: Selection): Promise<string[]> {
  const all: string[] = [];
  for await (const persona of selection.personas) all.push(persona.text);
  return all;
}

const BAD: readonly BadLine[] = [
  { line: 2, problem: "is not valid JSON" },
  { line: 6, problem: 'has no field "persona"' },
];

describe("selectPersonas", () => {
  it("leaves out bad lines and exact duplicates, and counts everything", async () => {
    const selection = select();
    expect((await texts(selection)).map((text) => text.slice(0, 7))).toEqual([
      "A baker",
      "A diver",
      "a baker",
      "A tuner",
    ]);
    expect(selection.counts()).toEqual({
      read: 7,
      bad: 2,
      duplicates: 1,
      nearDuplicates: 0,
      selected: 4,
    });
  });

  it("leaves out near-duplicates when it is told to", async () => {
    const selection = select({ nearDuplicates: 0.9 });
    expect(await texts(selection)).toHaveLength(3);
    expect(selection.counts()).toMatchObject({ duplicates: 1, nearDuplicates: 1, selected: 3 });
  });

  it("takes a sample, and the first of it", async () => {
    const whole = await texts(select({ sample: { count: 3, seed: "7" } }));
    expect(whole).toHaveLength(3);
    const selection = select({ sample: { count: 3, seed: "7" }, limit: 2 });
    expect(await texts(selection)).toEqual(whole.slice(0, 2));
    expect(selection.counts()).toMatchObject({ read: 7, selected: 2 });
    expect(await texts(select({ sample: { count: 9, seed: "8" } }))).toHaveLength(4);
  });

  it("reads no more than the limit needs", async () => {
    const selection = select({ limit: 2 });
    expect(await texts(selection)).toHaveLength(2);
    expect(selection.counts()).toMatchObject({ read: 3, bad: 1, selected: 2 });
    expect(await texts(select({ limit: 0 }))).toEqual([]);
  });

  it("tells each bad line as it is met, and counts them", async () => {
    const told: BadLine[] = [];
    await texts(select({ onBadLine: (bad) => told.push(bad) }));
    expect(told).toMatchObject(BAD);
    const many = select({}, "{}\n".repeat(50));
    await texts(many);
    expect(many.counts().bad).toBe(50);
  });

  it("makes the first bad line an error when it is strict", async () => {
    const told: BadLine[] = [];
    const failure = await texts(select({ strict: true, onBadLine: (bad) => told.push(bad) })).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(AgentRefineError);
    expect(failure).toMatchObject({ message: "people.jsonl: line 2 is not valid JSON" });
    expect(told).toHaveLength(1);
  });
});
