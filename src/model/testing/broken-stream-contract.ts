import { expect, test } from "vitest";
import { isRepeatable } from "../chat-model.ts";
import { failureOf, REQUEST, type Start, TEXT, until } from "./contract-ground.ts";

/** The part of the contract that is about streams which break, stall or are stopped in their middle. */
export function holdBrokenStreams(start: Start): void {
  test("tells what a broken stream bought", async () => {
    const { model } = await start({ text: TEXT, fault: { kind: "drop", after: 4 } });
    const { usage } = await failureOf(model.chat(REQUEST));
    expect(usage?.estimated).toBe(true);
    expect(usage?.promptTokens).toBeGreaterThan(0);
    expect(usage?.completionTokens).toBeGreaterThan(0);
  });

  test("a stream without an end is broken", async () => {
    const { model } = await start({ text: TEXT, fault: { kind: "no-end", after: 4 } });
    expect(isRepeatable(await failureOf(model.chat(REQUEST)))).toBe(true);
  });

  test("a stream that stalls is a timeout", async () => {
    const { server, model } = await start(
      { text: TEXT, fault: { kind: "stall", after: 4 } },
      { idleTimeout: 200 },
    );
    const error = await failureOf(model.chat(REQUEST));
    expect(error.code).toBe("timeout");
    expect(error.usage?.completionTokens).toBeGreaterThan(0);
    await until(() => server.counts.running === 0);
  });

  test("an error inside a stream is classified", async () => {
    const error = { type: "overloaded_error", message: "Overloaded, sorry" };
    const { model } = await start({ text: TEXT, fault: { kind: "error", after: 4, error } });
    const failure = await failureOf(model.chat(REQUEST));
    expect(failure.code).toBe("overloaded");
    expect(failure.message).toContain("Overloaded, sorry");
    expect(failure.usage?.completionTokens).toBeGreaterThan(0);
  });

  test("stopping closes the connection, so that no more is bought", async () => {
    const { server, model } = await start({ text: "x".repeat(100_000), deltaLength: 10, burst: 1, pause: 1 });
    let seen = 0;
    const watch = () => () => {
      seen += 1;
      return seen === 5;
    };
    const reply = await model.chat(REQUEST, { watch });
    expect(reply.text).toBe("x".repeat(50));
    await until(() => server.counts.running === 0);
    expect(server.counts.completed).toBe(0);
    expect(server.counts.aborted[0]).toBeLessThan(2000);
  });

  test("the signal ends a stream in its middle", async () => {
    const { server, model } = await start({ text: TEXT, fault: { kind: "stall", after: 4 } });
    const controller = new AbortController();
    const reason = new Error("enough");
    const watch = () => () => {
      controller.abort(reason);
      return false;
    };
    await expect(model.chat(REQUEST, { signal: controller.signal, watch })).rejects.toBe(reason);
    await until(() => server.counts.running === 0);
  });

  test("many calls at once all get their own reply", async () => {
    const { server, model } = await start((asked) => ({
      text: `reply to ${asked.messages[0]?.content}`,
      deltaLength: 3,
    }));
    const numbers = Array.from({ length: 64 }, (_, number) => number);
    const replies = await Promise.all(
      numbers.map((number) => model.chat({ messages: [{ role: "user", content: String(number) }] })),
    );
    expect(replies.map((reply) => reply.text)).toEqual(numbers.map((number) => `reply to ${number}`));
    expect(server.counts.completed).toBe(64);
  });
}
