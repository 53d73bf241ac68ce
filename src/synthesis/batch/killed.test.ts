import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { bundledProgram } from "../../runs/testing/compiled.ts";
import { Ground } from "./testing/batch-ground.ts";
import { fastClock } from "./testing/fast-clock.ts";

/** With AGENTREFINE_KILLS=60 each event is met, and by more personas. */
const IS_THOROUGH = Number(process.env.AGENTREFINE_KILLS ?? 6) > 6;
/** After how many events each process kills itself. */
const EVENTS = IS_THOROUGH ? [1] : [6, 14, 9];

let script: string;
beforeAll(async () => {
  script = await bundledProgram("synthesis/batch/testing/killed-run");
}, 120_000);

test.concurrent.each(["openai", "anthropic"] as const)(
  "processes that are killed after any event and while a batch is made come to what a live run of %s comes to",
  async (provider) => {
    await using ground = await Ground.open({ provider, personas: IS_THOROUGH ? 4 : 2, clock: fastClock });
    const live = await ground.live();
    const folder = await ground.folder();
    const lines = ground.personas.map(({ id, text }) => `${JSON.stringify({ id, persona: text })}\n`);
    await writeFile(folder.paths.personas, lines.join(""));
    let killed = 0;
    for (let part = 0; ; part += 1) {
      expect(part).toBeLessThan(100);
      const most = String(EVENTS[part % EVENTS.length]);
      const child = spawn(process.execPath, [script, folder.directory, ground.server.url, provider, most], {
        stdio: "inherit",
      });
      // The first batch that a process makes in each third part is not noted: the batch is there, its maker is not.
      ground.server.faults.onCreate = () => {
        if (part % 3 === 0) child.kill("SIGKILL");
      };
      const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
        child.on("close", (...end) => resolve(end));
      });
      if (signal !== "SIGKILL") {
        expect(code).toBe(0);
        break;
      }
      killed += 1;
    }
    expect(killed).toBeGreaterThan(1);
    expect(await ground.records(folder)).toEqual(live);
    expect(ground.boughtTwice()).toEqual([]);
    expect(await ground.calls(folder)).toHaveLength(ground.server.bought.length);
  },
  IS_THOROUGH ? 1_800_000 : 120_000,
);
