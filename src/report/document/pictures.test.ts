import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, sizeOf, takePictures } from "./pictures.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-pictures-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("pictures", () => {
  test("are taken with the browser of CHROME_PATH, else with one on the path", async () => {
    expect(await findBrowser({ PATH: folder })).toBeUndefined();
    expect(await findBrowser({ PATH: folder, CHROME_PATH: process.execPath })).toBe(process.execPath);
    const here = join(folder, "chromium");
    await writeFile(here, "#!/bin/sh\n", { mode: 0o755 });
    expect(await findBrowser({ PATH: `/nowhere:${folder}` })).toBe(here);
  });

  test("have the size of their drawing", () => {
    expect(sizeOf('<svg xmlns="x" class="marks" width="487" height="316.5" viewBox="0 0 487 317">')).toEqual({
      width: 487,
      height: 317,
    });
  });

  test("are left out with what the browser said when it takes none", async () => {
    const drawing = { svg: join(folder, "a.svg"), png: join(folder, "a.png"), width: 10, height: 10 };
    // A program that knows nothing of a browser's flags.
    expect(await takePictures(process.execPath, [drawing])).toMatch(/^it ended with 9: .*bad option/);
    expect(await takePictures(join(folder, "none"), [drawing])).toContain("ENOENT");
  });
});
