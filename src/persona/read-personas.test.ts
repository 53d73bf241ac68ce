import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { toPersona } from "./persona.ts";
import { type PersonaLine, type ReadPersonasOptions, readPersonas } from "./read-personas.ts";

async function all(source: string | Readable, options: ReadPersonasOptions = {}): Promise<PersonaLine[]> {
  const lines: PersonaLine[] = [];
  for await (const line of readPersonas(source, options)) lines.push(line);
  return lines;
}

/** The lines in short: the text or the problem, with the line's number. */
async function short(content: string | Buffer, options: ReadPersonasOptions = {}): Promise<string[]> {
  const lines = await all(Readable.from([Buffer.from(content as string)]), options);
  return lines.map((line) =>
    "persona" in line ? `${line.line}: ${line.persona.text}` : `${line.line} ${line.problem}`,
  );
}

describe("readPersonas", () => {
  it("reads JSON lines, plain lines, and tells one from the other by the first line that is not empty", async () => {
    expect(await short('\n{"persona":"A baker"}\r\n{"persona":"A diver","x":1}')).toEqual([
      "2: A baker",
      "3: A diver",
    ]);
    expect(await short("\r\nA baker\r\n\n  A diver \n")).toEqual(["2: A baker", "4: A diver"]);
    expect(await short('A baker\nA diver\n{"persona":"x"}\n{x}')).toEqual([
      "1: A baker",
      "2: A diver",
      "3 is JSON between lines of plain text",
      "4: {x}",
    ]);
  });

  it("takes the field that it is told", async () => {
    expect(await short('{"input persona":"A baker"}', { field: "input persona" })).toEqual(["1: A baker"]);
  });

  it("leaves out a byte order mark before either form", async () => {
    expect(await short('\uFEFF{"persona":"A baker"}')).toEqual(["1: A baker"]);
    expect((await all(Readable.from(["\uFEFFA baker"])))[0]).toEqual({
      line: 1,
      persona: toPersona("A baker"),
    });
  });

  it("tells what is wrong with a line and goes on", async () => {
    const content = [
      '{"persona":"A baker"}',
      '{"persona":',
      "[1]",
      "null",
      '{"text":"x"}',
      '{"persona":7}',
      '{"persona":"  "}',
      `{"persona":"${"x".repeat(4001)}"}`,
      '{"persona":"\\ud800 half"}',
      '{"persona":"nul \\u0000"}',
      '{"toString":"x"}',
      `{"persona":"${"y".repeat(4000)}"}`,
    ].join("\n");
    const lines = await short(content);
    expect(lines.slice(0, -1)).toEqual([
      "1: A baker",
      "2 is not valid JSON",
      "3 is not a JSON object",
      "4 is not a JSON object",
      '5 has no field "persona"',
      '6 has a field "persona" that is not text',
      "7 has an empty persona",
      "8 has a persona of 4001 characters, more than 4000",
      "9 is not valid UTF-8",
      "10 holds a control character",
      '11 has no field "persona"',
    ]);
    expect(lines.at(-1)).toBe(`12: ${"y".repeat(4000)}`);
  });

  it.each([
    ["a JSON array", '[\n  {\n "persona": "A baker"\n }\n]', "it is a JSON array"],
    ["an array on one line", '[{"persona":"A baker"}]', "it is a JSON array"],
    ["quoted texts", '"A baker"\n"A sailor"\n', "its lines are quoted texts"],
    ["a table", "id,persona\n1,A baker\n", "it is a table"],
    ["a table of one column", "Persona\nA baker\n", "it is a table"],
    ["a torn first line", 'sona": "A baker"}\n{"persona": "A sailor"}\n', "its first line is not JSON"],
    ["a torn line alone", 'sona": "A baker"}', "its first line is the end of a JSON object"],
    ["a comment before JSON", '# personas\n\n{"persona": "A sailor"}\n', "its first line is not JSON"],
  ])("refuses %s, and says what to do", async (_name, content, problem) => {
    const failure = await short(content).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AgentRefineError);
    expect(failure).toMatchObject({
      message: expect.stringContaining(problem),
      fix: expect.stringMatching(/\S/),
    });
  });

  it("does not take for a table what only has a comma or the word in it", async () => {
    const content = "A baker, who sings\nA persona of note; a spy\n";
    expect(await short(content)).toEqual(["1: A baker, who sings", "2: A persona of note; a spy"]);
    expect(await short("[sic] a baker")).toEqual(["1: [sic] a baker"]);
  });

  it("buys no persona of which nothing can be seen", async () => {
    const content = ["\u200b", "\u2060\ufeff", "\u2800\u3164", "\u00ad", "\u200bA baker"];
    const lines = content.map((persona) => JSON.stringify({ persona })).join("\n");
    const problem = "has an empty persona";
    expect((await short(lines)).slice(0, 4)).toEqual([1, 2, 3, 4].map((line) => `${line} ${problem}`));
    expect(await short(`A baker\n\u200b\n`)).toEqual(["1: A baker", `2 ${problem}`]);
  });

  it("reads on after a byte order mark between files that were put together", async () => {
    const part = '\uFEFF{"persona":"A baker"}\n';
    expect(await short(part + part.replace("baker", "diver"))).toEqual(["1: A baker", "2: A diver"]);
  });

  it("does not take what every object inherits for a field", async () => {
    expect(await short('{"a":1}', { field: "toString" })).toEqual(['1 has no field "toString"']);
    expect(await short('{"__proto__":"A baker"}', { field: "__proto__" })).toEqual(["1: A baker"]);
  });

  it("finds bytes that are not UTF-8", async () => {
    const latin1 = Buffer.from("A caf\u00e9 owner\nA baker\n", "latin1");
    expect(await short(latin1)).toEqual(["1 is not valid UTF-8", "2: A baker"]);
  });

  it("decompresses gzip, several compressed files after each other too", async () => {
    const compressed = Buffer.concat([gzipSync("A baker\nA di"), gzipSync("ver\n")]);
    expect(await short(compressed)).toEqual(["1: A baker", "2: A diver"]);
  });

  it("reads the same however the bytes are cut, compressed or not", async () => {
    const content = Buffer.from('\uFEFF{"persona":"Zoë 🎺"}\r\n\n{"persona":3}\n{"persona":"Ōtani"}');
    const expected = await all(Readable.from([content]));
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(fc.nat(120), { maxLength: 12 }), async (isCompressed, cuts) => {
        const bytes = isCompressed ? gzipSync(content) : content;
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(await all(Readable.from(chunks))).toEqual(expected);
      }),
    );
  });

  it("does not hold a line without end", async () => {
    let sent = 0;
    const endless = async function* (): AsyncGenerator<Buffer> {
      const block = Buffer.alloc(64 * 1024, "x");
      for (; sent < 4096; sent += 1) yield block;
      yield Buffer.from("\nA baker\n");
    };
    const before = process.memoryUsage().arrayBuffers;
    const lines = await all(Readable.from(endless()));
    expect(lines).toEqual([
      { line: 1, problem: "is longer than 1048576 bytes" },
      { line: 2, persona: toPersona("A baker") },
    ]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  it("takes a line of exactly the longest length", async () => {
    const line = `{"persona":"A baker"${" ".repeat(1024 * 1024 - 21)}}`;
    expect(await short(`${line}\n${line} \n`)).toEqual(["1: A baker", "2 is longer than 1048576 bytes"]);
  });

  it("reads nothing from nothing", async () => {
    expect(await short("")).toEqual([]);
    expect(await short("\n \r\n")).toEqual([]);
    expect(await short(gzipSync(""))).toEqual([]);
  });

  it.each([false, true])("stops reading when its reader stops (compressed: %s)", async (isCompressed) => {
    const content = Buffer.from("A baker\n".repeat(300_000));
    const source = Readable.from([isCompressed ? gzipSync(content) : content]);
    for await (const line of readPersonas(source)) {
      expect(line.line).toBe(1);
      break;
    }
    expect(source.destroyed).toBe(true);
  });

  it("hands on an error that is no fault of the source as it is", async () => {
    const defect = new Error("a defect");
    const source = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from("A baker\n");
      throw defect;
    };
    await expect(all(Readable.from(source()))).rejects.toBe(defect);
  });
});

describe("readPersonas from a file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "agentrefine-personas-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("reads a compressed file whatever its name is", async () => {
    const path = join(folder, "personas.txt");
    await writeFile(path, gzipSync('{"persona":"A baker"}\n'));
    expect(await all(path)).toEqual([{ line: 1, persona: toPersona("A baker") }]);
  });

  it("says that there is no such file, that it is a folder, that it may not be read", async () => {
    const missing = join(folder, "none.jsonl");
    await expect(all(missing)).rejects.toThrow(`cannot read ${missing}: there is no such file`);
    await expect(all(missing)).rejects.toBeInstanceOf(AgentRefineError);
    await expect(all(folder)).rejects.toThrow(`cannot read ${folder}: it is a folder`);
  });

  it.skipIf(process.getuid?.() === 0)("says that it may not read a file", async () => {
    const path = join(folder, "secret.jsonl");
    await writeFile(path, "");
    await chmod(path, 0);
    await expect(all(path)).rejects.toThrow("permission denied");
  });

  it("says that a compressed file is damaged or cut", async () => {
    const path = join(folder, "personas.jsonl.gz");
    const compressed = gzipSync(
      Array.from({ length: 9000 }, (_, index) => `Baker ${index * 7919}\n`).join(""),
    );
    const damaged = Buffer.from(compressed);
    damaged.fill(0x55, 2000, 3000);
    for (const bytes of [
      compressed.subarray(0, compressed.length / 2),
      damaged,
      Buffer.from([0x1f, 0x8b, 0x99]),
    ]) {
      await writeFile(path, bytes);
      await expect(all(path)).rejects.toThrow(`cannot read ${path}: it is a damaged or incomplete gzip file`);
    }
  });

  it("says that a file is in UTF-16", async () => {
    const path = join(folder, "personas.txt");
    await writeFile(path, Buffer.from("\uFEFFA baker\r\n", "utf16le"));
    const failure = await all(path).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: `cannot read ${path}: it is written in UTF-16`,
      fix: "Save it as UTF-8.",
    });
  });
});
