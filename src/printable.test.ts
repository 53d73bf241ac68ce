import { expect, test } from "vitest";
import { printable, printableLine } from "./printable.ts";

const HOSTILE = "a\u001b[31mb\u202ec\r\nd\te\u009b";

test("escape sequences and marks that turn the direction are replaced, and line breaks stay", () => {
  expect(printable(HOSTILE)).toBe("a\ufffd[31mb\ufffdc\nd  e\ufffd");
});

test("a line has no line breaks", () => {
  expect(printableLine(HOSTILE)).toBe("a\ufffd[31mb\ufffdc d  e\ufffd");
});
