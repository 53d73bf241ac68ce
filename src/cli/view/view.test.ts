import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;

beforeAll(async () => {
  host = await createTestHost();
});

afterAll(() => host.remove());

describe("view", () => {
  test.each([
    [["--out", "p.html", "--port", "1"], "--port is not for --out"],
    [["--out", "p.html", "--as", "ana"], "--as is not for --out"],
    [["--out", "p.html", "--read-only"], "--read-only is not for --out"],
    [["--out", "p.html", "--open"], "--open is not for --out"],
    [["--force"], "--force is for --out only"],
    [["gone"], "gone"],
  ])("refuses %j in one line", async (words, told) => {
    const { code, stderr } = await host.run(["view", ...words]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
    expect(await readdir(host.directory)).toEqual([]);
  });
});
