import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;
let ended: Promise<{ readonly code: number; readonly stderr: string }> | undefined;

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(async () => {
  host.interrupt();
  await ended;
  ended = undefined;
  await host.remove();
});

/** Starts the command and waits for its address. */
function serve(...flags: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    ended = host.run(["serve", "--port", "0", ...flags], {
      onWrite: (text) => {
        const url = /on (http:\S+);/.exec(text)?.[1];
        if (url !== undefined) resolve(url);
      },
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
}

type Body = Readonly<Record<string, unknown>>;

async function post(url: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url + path, {
    method: "POST",
    ...(text === undefined ? {} : { body: text, headers: { "content-type": "application/json" } }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

describe("serve", () => {
  test("plays a task as AgentGym's client does", async () => {
    const url = await serve("--suite", "babyai", "--split", "test");
    const { body } = await post(url, "/create");
    const { id } = body;
    expect(typeof id).toBe("number");
    const begun = await post(url, "/reset", { id, data_idx: 0 });
    expect(begun.body).toMatchObject({ reward: 0, score: 0, done: false });
    expect(begun.body.observation).toMatch(/^Your goal: go to the red ball\nIn front of you/);
    const seen = await (await fetch(`${url}/observation?id=${id}`)).json();
    expect(seen).toBe(begun.body.observation);
    const checked = await post(url, "/step", { id, action: "check available actions" });
    expect(checked.body.observation).toContain("You can take the following actions: turn left");
    expect(await (await fetch(`${url}/observation?id=${id}`)).json()).toBe(checked.body.observation);
    expect((await post(url, "/close", { id })).body).toEqual({ closed: true });
    expect((await post(url, "/step", { id, action: "turn left" })).status).toBe(404);
  });

  test("gives the progress that an action added as reward, until the task is done", async () => {
    const url = await serve("--suite", "pddl", "--split", "test");
    const { id } = (await post(url, "/create")).body;
    const { loadSuite } = await import("../../environment/suites.ts");
    const suite = await loadSuite("pddl", { compat: "agentboard" });
    await post(url, "/reset", { id, data_idx: 2 });
    let total = 0;
    let last: Body = {};
    for (const action of (await suite.tasks[2]?.solve?.()) ?? []) {
      last = (await post(url, "/step", { id, action })).body;
      total += Number(last.reward);
    }
    expect(last).toMatchObject({ score: 1, done: true });
    expect(total).toBeCloseTo(1);
    const begun = await post(url, "/reset", { id, data_idx: 2 });
    expect(begun.body).toMatchObject({ score: 0, done: false });
  });

  test("offers tasks to train on that are not those which are scored, and warns of the others", async () => {
    const { loadSuite } = await import("../../environment/suites.ts");
    const scored = await loadSuite("babyai", { compat: "agentboard" });
    const url = await serve("--suite", "babyai", "--seed", "5");
    expect(await (await fetch(url)).json()).toMatchObject({
      tasks: 160,
      variant: expect.stringContaining("own problems of seed 5 to train on"),
    });
    const { tasks } = await loadSuite("babyai", { compat: "agentboard", split: "train", seed: 5 });
    const ids = new Set(scored.tasks.map((task) => task.id));
    expect(tasks.some(({ id }) => ids.has(id))).toBe(false);
    host.interrupt();
    expect((await ended)?.stderr).not.toContain("mean nothing");
    await serve("--suite", "babyai", "--split", "test");
    host.interrupt();
    expect((await ended)?.stderr).toContain("mean nothing");
  });

  test("keeps worlds apart", async () => {
    const url = await serve("--suite", "babyai");
    const ids = await Promise.all([1, 2].map(async () => (await post(url, "/create")).body.id));
    const [one, other] = ids;
    await post(url, "/reset", { id: one, data_idx: 5 });
    await post(url, "/reset", { id: other, data_idx: 5 });
    const act = async (id: unknown, action: string): Promise<unknown> =>
      (await post(url, "/step", { id, action })).body.observation;
    const first = await act(one, "turn left");
    await act(other, "turn right");
    expect(await act(other, "turn left")).not.toEqual(first);
    expect(await act(other, "turn left")).toEqual(first);
  });

  test("offers a sample of all groups where one is asked for", async () => {
    const url = await serve("--suite", "babyai", "--sample", "40");
    expect(await (await fetch(url)).json()).toMatchObject({ tasks: 40 });
  });

  test("says what is wrong with a request, and goes on", async () => {
    const url = await serve("--suite", "babyai", "--worlds", "1", "--limit", "3");
    const { id } = (await post(url, "/create")).body;
    const refusals: readonly (readonly [string, unknown, number, string])[] = [
      ["/create", {}, 503, "too many worlds"],
      ["/reset", { id, data_idx: 3 }, 400, "from 0 to 2"],
      ["/reset", { id, data_idx: -1 }, 400, "from 0 to 2"],
      ["/reset", { id, data_idx: null }, 400, "from 0 to 2"],
      ["/reset", { id: 99 }, 404, "no environment 99"],
      ["/step", { id }, 400, "action must be a text"],
      ["/step", { id: "__proto__", action: "a" }, 400, "id must be"],
      ["/step", "{", 400, "not valid JSON"],
      ["/step", "[]", 400, "not a JSON object"],
      ["/step", `"${"x".repeat(2 ** 21)}"`, 400, "too long"],
      ["/nowhere", {}, 404, "no such route"],
      ["//", {}, 400, "the address is malformed"],
    ];
    for (const [path, body, status, words] of refusals) {
      const answer = await post(url, path, body);
      expect({ path, status: answer.status }).toEqual({ path, status });
      expect(answer.body.error).toContain(words);
    }
    const fromPage = await fetch(`${url}/create`, { method: "POST", headers: { origin: "http://evil" } });
    expect(fromPage.status).toBe(403);
    expect((await post(url, "/step", { id, action: "turn left" })).status).toBe(200);
    expect((await post(url, "/reset", { id })).status).toBe(200);
    expect((await post(url, "/step", `\uFEFF{"id": ${id}, "action": "turn left"}`)).status).toBe(200);
    expect(await (await fetch(url)).json()).toMatchObject({ suite: "babyai", tasks: 3 });
  });

  test("ends with Ctrl-C", async () => {
    const url = await serve("--suite", "babyai", "--perturb", "rename-verbs");
    host.interrupt();
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining("Stopped.") });
    await expect(fetch(url)).rejects.toThrow();
  });

  test("refuses a port in use, a missing suite and several suites with one line", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const run = (...flags: string[]) => host.run(["serve", ...flags]);
    const busy = await run("--suite", "babyai", "--port", String(port));
    other.close();
    expect(busy).toMatchObject({ code: 2, stderr: expect.stringContaining("is in use") });
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining("no suite was given") });
    expect((await run()).stderr).toContain("Give one with --suite: ");
    const plain = await run("--suite", "pddl", "--compat", "plain");
    expect(plain).toMatchObject({ code: 2, stderr: expect.stringContaining("do not apply to pddl") });
    const two = await run("--suite", "babyai,pddl");
    expect(two).toMatchObject({ code: 2, stderr: expect.stringContaining("one suite at a time") });
  });

  test("refuses a suite whose answers are graded by a model that is paid", async () => {
    const { code, stderr } = await host.run(["serve", "--suite", "mt-bench", "--split", "test"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "Error: mt-bench cannot be served, since a model that is paid grades its answers. `agentrefine evaluate --suite mt-bench --judge MODEL` plays it.\n",
    });
  });
});
