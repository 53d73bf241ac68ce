import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReadOn } from "./call.ts";
import { readEvents } from "./http.ts";

/** A body that comes in the given pieces and ends. */
function bodyOf(pieces: readonly (string | Buffer)[]): PassThrough {
  const body = new PassThrough();
  for (const piece of pieces) body.write(piece);
  body.end();
  return body;
}

async function read(body: PassThrough, decide: (data: string) => ReadOn = () => "on", limit = 1000) {
  const seen: string[] = [];
  await readEvents(body, limit, (data) => {
    seen.push(data);
    return decide(data);
  });
  return seen;
}

describe("readEvents", () => {
  test("reads events however the bytes are cut", async () => {
    const texts = fc.array(fc.string({ unit: "grapheme", minLength: 1 }).map((text) => JSON.stringify(text)));
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom("\n", "\r\n"),
        async (data, size, end) => {
          const bytes = Buffer.from(data.map((text) => `data: ${text}${end}${end}`).join(""));
          const pieces: Buffer[] = [];
          for (let i = 0; i < bytes.length; i += size) pieces.push(bytes.subarray(i, i + size));
          expect(await read(bodyOf(pieces), undefined, 100_000)).toEqual(data);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("a byte order mark before the first event is none of it", async () => {
    expect(await read(bodyOf(["\uFEFFdata: a\n\n", "data: b\n\n"]))).toEqual(["a", "b"]);
  });

  test("passes comments over and reads a last event without its empty line", async () => {
    expect(await read(bodyOf([": keep alive\n\n", "data: a\n\n", "data: b"]))).toEqual(["a", "b"]);
  });

  test("reads nothing after it was told to stop, in the same chunk too", async () => {
    const body = bodyOf(["data: a\n\ndata: b\n\ndata: c\n\n"]);
    expect(await read(body, (data) => (data === "b" ? "stop" : "on"))).toEqual(["a", "b"]);
    expect(body.destroyed).toBe(true);
  });

  test("closes a body that stays open after the protocol's end", async () => {
    const body = new PassThrough();
    body.write("data: [DONE]\n\n");
    expect(await read(body, () => "finished")).toEqual(["[DONE]"]);
    expect(body.destroyed).toBe(true);
  });

  test("rejects with what the reader throws and closes the body", async () => {
    const body = bodyOf(["data: a\n\n"]);
    const reading = readEvents(body, 1000, () => {
      throw new RangeError("defect");
    });
    await expect(reading).rejects.toThrow("defect");
    expect(body.destroyed).toBe(true);
  });

  test("rejects with the body's own error", async () => {
    const body = new PassThrough();
    body.write("data: a\n\n");
    setImmediate(() => body.destroy(new Error("cut")));
    await expect(read(body)).rejects.toThrow("cut");
  });

  test("refuses an event beyond the limit, whether or not it has line ends", async () => {
    const long = "x".repeat(600);
    await expect(read(bodyOf([`data: ${long}`, long, long]))).rejects.toMatchObject({ code: "bad-reply" });
    const lines = Array.from({ length: 9 }, () => `data: ${long}\n`);
    await expect(read(bodyOf(lines))).rejects.toMatchObject({ code: "bad-reply" });
  });
});
