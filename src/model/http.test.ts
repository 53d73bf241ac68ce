import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { readBeginning, readText } from "./http.ts";

function bodyOf(pieces: readonly string[], end = true): PassThrough {
  const body = new PassThrough();
  for (const piece of pieces) body.write(piece);
  if (end) body.end();
  return body;
}

describe("readText", () => {
  test("reads a body up to the limit, counted in bytes", async () => {
    expect(await readText(bodyOf(["Grü", "ße"]), 7)).toEqual({ text: "Grüße", end: "end" });
    const long = bodyOf(["Grü", "ße"], false);
    expect((await readText(long, 6)).end).toBe("limit");
    expect(long.destroyed).toBe(true);
  });

  test("gives what came before the body broke, and why", async () => {
    const body = bodyOf(["a"], false);
    setImmediate(() => body.destroy(new Error("cut")));
    expect(await readText(body, 10)).toEqual({ text: "a", end: new Error("cut") });
    const closed = bodyOf(["a"], false);
    setImmediate(() => closed.destroy());
    expect((await readText(closed, 10)).end).toBeInstanceOf(Error);
  });
});

describe("readBeginning", () => {
  test("reads so many bytes and closes the body", async () => {
    const body = bodyOf(["abc", "def"], false);
    expect(await readBeginning(body, 4)).toBe("abcd");
    expect(body.destroyed).toBe(true);
  });

  test("gives what came before the body broke", async () => {
    const body = bodyOf(["abc"], false);
    setImmediate(() => body.destroy(new Error("cut")));
    expect(await readBeginning(body, 10)).toBe("abc");
  });
});
