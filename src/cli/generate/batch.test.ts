import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { offlineModel } from "../../author/offline-model.ts";
import { type BatchServer, startBatchServer } from "../../model/testing/batch-server.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import { readSyntheses } from "../../synthesis/replay.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let server: BatchServer;
let host: TestHost;
beforeEach(async () => {
  host = await createTestHost();
  const author = offlineModel({ seed: "1" });
  server = await startBatchServer({
    answer: async (messages) => {
      const { text, finish } = await author.chat({ messages });
      return { text, finish: finish === "length" ? finish : "stop" };
    },
    now: Date.now,
    duration: 0,
  });
});
afterEach(async () => {
  await server.close();
  await host.remove();
});

function generate(...more: readonly string[]): readonly string[] {
  return ["generate", "--model", "test", "--base-url", server.url, "--out", "run", "--batch", ...more];
}

async function outcomes(folder: string): Promise<readonly unknown[]> {
  const { paths } = await openRunFolder(join(host.directory, folder));
  const all = [];
  for await (const record of readSyntheses(paths)) all.push(record);
  return all.sort((one, other) => one.index - other.index);
}

describe("generate --batch", () => {
  test("submits without waiting, and resume fetches and submits until the run is what a live one is", async () => {
    const begun = await host.run(generate("--limit", "20", "--no-wait", "--json"));
    expect(begun.code).toBe(3);
    expect(JSON.parse(begun.stdout)).toMatchObject({ pending: 20, batches: { open: 1, requests: 20 } });
    expect(begun.stderr).toContain("Still waiting: 20 requests in 1 batch at the service.");
    expect(begun.stderr).toContain("Fetch what has been answered: agentrefine resume run");
    let code = 3;
    for (let part = 0; part < 8 && code === 3; part += 1)
      code = (await host.run(["resume", "run", "--no-wait"])).code;
    expect(code).toBe(0);
    expect(
      await host.run(["generate", "--model", "offline", "--limit", "20", "--no-stream", "--out", "live"]),
    ).toMatchObject({ code: 0 });
    expect(await outcomes("run")).toEqual(await outcomes("live"));
    const asked = server.bought.map(({ customId }) => customId.slice(0, customId.lastIndexOf("-")));
    expect(new Set(asked).size).toBe(asked.length);
  });
});
