import { spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compiledSources } from "../runs/testing/compiled.ts";
import { type Annotation, annotationSchema, tagSchema } from "./annotation.ts";
import { annotationsPath, appendAnnotation, readAnnotations, skippedWords } from "./annotation-file.ts";
import { annotatorName } from "./annotator.ts";
import { annotationFilter, readCondition, selectAnnotated } from "./condition.ts";

const said = { at: "2026-01-02T03:04:05.000Z", by: "ana", id: "t1" };
const good: Annotation = { kind: "tag", ...said, tag: "good", on: true };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "agentrefine-annotations-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function current(): Promise<readonly Annotation[]> {
  return [...(await readAnnotations(directory)).of.values()].flat();
}

describe("the file of annotations", () => {
  test("is not there before anything is said", async () => {
    expect(await readAnnotations(directory)).toEqual({ of: new Map(), skipped: [] });
  });

  test("keeps of each annotator and place what was said last", async () => {
    const wrong: Annotation = {
      kind: "turn",
      ...said,
      turn: 3,
      verdict: "wrong",
      fault: "place",
      note: "no",
    };
    const bens: Annotation = { kind: "turn", ...said, by: "ben", turn: 3, verdict: "right" };
    const blind: Annotation = { kind: "turn", ...said, turn: 3, verdict: "right", blind: true };
    const model: Annotation = { ...blind, judge: true };
    for (const each of [{ ...wrong, verdict: "right" as const }, bens, wrong, blind, model, good])
      await appendAnnotation(directory, each);
    expect(await current()).toEqual([bens, wrong, blind, model, good]);
  });

  test("takes back with a line", async () => {
    const all: readonly Annotation[] = [
      good,
      { kind: "thumbs", ...said, thumbs: "up" },
      { kind: "note", ...said, note: "why" },
      { kind: "turn", ...said, turn: 1, verdict: "right" },
    ];
    for (const each of all) await appendAnnotation(directory, each);
    expect(await current()).toHaveLength(4);
    await appendAnnotation(directory, { ...good, on: false });
    await appendAnnotation(directory, { kind: "thumbs", ...said, thumbs: null });
    await appendAnnotation(directory, { kind: "note", ...said, note: null });
    await appendAnnotation(directory, { kind: "turn", ...said, turn: 1, verdict: null });
    expect(await current()).toEqual([]);
    expect((await readFile(annotationsPath(directory), "utf8")).trim().split("\n")).toHaveLength(8);
  });

  test("loses nothing when many write at once", async () => {
    const ids = Array.from({ length: 60 }, (_value, place) => `t${place}`);
    await Promise.all(ids.map((id) => appendAnnotation(directory, { ...good, id })));
    const { of, skipped } = await readAnnotations(directory);
    expect(new Set(of.keys())).toEqual(new Set(ids));
    expect(skipped).toEqual([]);
  });

  test("keeps what it took when its writers are killed, with two at once behind a torn line", async () => {
    await writeFile(annotationsPath(directory), JSON.stringify(good).slice(0, 30));
    const module = new URL("annotation/annotation-file.js", pathToFileURL(`${await compiledSources()}/`));
    const script = `const { appendAnnotation } = await import(${JSON.stringify(module.href)});
        const [directory, by] = process.argv.slice(1);
        for (let turn = 0; ; turn++) {
          const said = { kind: "note", at: "2026-01-02T03:04:05.000Z", by, id: "t" + turn, note: "n".repeat(9000) };
          await appendAnnotation(directory, said);
          process.stdout.write(turn + "\\n");
        }`;
    const taken = await Promise.all(
      ["ana", "ben"].map(async (by) => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", script, directory, by]);
        let told = "";
        for await (const chunk of child.stdout) {
          told += String(chunk);
          if (told.split("\n").length > 15) child.kill("SIGKILL");
        }
        return Number(told.trim().split("\n").at(-1));
      }),
    );
    await appendAnnotation(directory, good);
    const { of, skipped } = await readAnnotations(directory);
    // The torn line is the only one; of what was being written when they were killed there may be more.
    expect(skipped[0]).toMatchObject({ line: 1, problem: "is not valid JSON" });
    const names = [...of.values()].flat().map(({ by, id }) => `${by} ${id}`);
    for (const [place, by] of ["ana", "ben"].entries()) {
      const last = taken[place] ?? 0;
      expect(last).toBeGreaterThan(10);
      for (let turn = 0; turn <= last; turn += 1) expect(names).toContain(`${by} t${turn}`);
    }
    expect(names).toContain("ana t1");
    expect(of.get("t1")?.at(-1)).toEqual(good);
  }, 60_000);

  test("is read to its last whole line wherever it was cut, and the next line repairs it", async () => {
    const lines = ["a", "b"].map((tag) => JSON.stringify({ ...good, tag, by: "zoë" }));
    const whole = Buffer.from(`${lines.join("\n")}\n`);
    for (let end = 0; end <= whole.length; end += 7) {
      await writeFile(annotationsPath(directory), whole.subarray(0, end));
      const before = await readAnnotations(directory);
      expect(before.skipped).toEqual([]);
      await appendAnnotation(directory, good);
      const after = [...(await readAnnotations(directory)).of.values()].flat();
      expect(after).toEqual([...[...before.of.values()].flat(), good]);
      const kept = (await readFile(annotationsPath(directory))).subarray(0, end);
      expect(kept).toEqual(whole.subarray(0, end));
    }
  });

  test("names and skips what is damaged or of another program", async () => {
    await appendAnnotation(directory, good);
    await appendFile(
      annotationsPath(directory),
      `{"kind":"tag"\n\n[1]\n${JSON.stringify({ ...good, by: "a\u001b[31m" })}\n${JSON.stringify({ ...good, kind: "star" })}\n${"x".repeat(1024 * 1024 + 1)}\n`,
    );
    await appendAnnotation(directory, { ...good, tag: "late" });
    const { skipped } = await readAnnotations(directory);
    expect(await current()).toHaveLength(2);
    expect(skipped.map(({ line, problem }) => `${line} ${problem}`)).toEqual([
      "2 is not valid JSON",
      "4 is not an annotation",
      '5 is not an annotation: its "by" is another',
      '6 is not an annotation: its "kind" is another',
      "7 is too long",
    ]);
    expect(skippedWords("run", { line: 2, problem: "is not valid JSON" })).toBe(
      "run/annotations.jsonl: line 2 is not valid JSON; it is skipped.",
    );
  });

  test("refuses to keep what it could not read again", async () => {
    await expect(appendAnnotation(directory, { ...good, tag: "a\nb" })).rejects.toThrow("its tag");
    await expect(appendAnnotation(join(directory, "gone"), good)).rejects.toThrow("cannot write");
  });

  test("gives back every annotation that its schema has", async () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    const tag = text.filter((each) => tagSchema.safeParse(each).success);
    await fc.assert(
      fc.asyncProperty(tag, text, async (name, id) => {
        const annotation = { ...good, tag: name, id };
        await appendAnnotation(directory, annotation);
        expect((await readAnnotations(directory)).of.get(id)).toContainEqual(annotation);
        expect(annotationSchema.parse(JSON.parse(JSON.stringify(annotation)))).toEqual(annotation);
      }),
      { numRuns: 20 },
    );
  });
});

describe("the annotator", () => {
  test("is who was named, else somebody whom git or the system knows", async () => {
    expect(await annotatorName("  Ana B ", directory)).toBe("Ana B");
    expect((await annotatorName(undefined, directory)).length).toBeGreaterThan(0);
    await expect(annotatorName("a\u202eb", directory)).rejects.toThrow("annotator's name");
  });
});

describe("a selection", () => {
  const items = [{ id: "t1" }, { id: "t2" }, { id: "t3" }];

  test("takes those of which everything wanted and nothing unwanted is said", async () => {
    await appendAnnotation(directory, good);
    await appendAnnotation(directory, { ...good, id: "t2", by: "ben" });
    await appendAnnotation(directory, { kind: "thumbs", ...said, id: "t2", thumbs: "down" });
    await appendAnnotation(directory, { kind: "note", ...said, id: "t3", note: "hm" });
    const taken = async (only: readonly string[], without: readonly string[] = []) => {
      const { items: found, leftOut } = await selectAnnotated(directory, items, { only, without });
      expect(leftOut).toBe(items.length - found.length);
      return found.map(({ id }) => id).join(" ");
    };
    expect(await taken([])).toBe("t1 t2 t3");
    expect(await taken(["tag=good"])).toBe("t1 t2");
    expect(await taken(["tag=good", "annotator=ben"])).toBe("t2");
    expect(await taken(["tag=good"], ["thumbs=down"])).toBe("t1");
    expect(await taken([], ["tag=good", "note"])).toBe("");
    expect(await taken(["note"])).toBe("t3");
    expect(await taken(["tag=Good"])).toBe("");
  });

  test("is refused when it is none", () => {
    for (const text of ["", "tag", "tag=", "thumbs=sideways", "note=a", "annotator=", "stars=5"])
      expect(() => readCondition(text)).toThrow("is not tag=NAME");
    expect(() => annotationFilter({ of: new Map(), skipped: [] }, { only: ["x"] })).toThrow('"x"');
  });
});
