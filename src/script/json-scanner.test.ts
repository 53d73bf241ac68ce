import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonScanner } from "./json-scanner.ts";
import { arbitraryPieces } from "./testing/arbitrary-text.ts";

describe("the scanner", () => {
  test("finds the end of a JSON value that arrives in any pieces", () => {
    fc.assert(
      fc.property(
        fc
          .json({ stringUnit: "binary" })
          .map((json) => `[${json}]`)
          .chain((json) => fc.tuple(fc.constant(json), arbitraryPieces(`${json}]}`))),
        ([json, pieces]) => {
          const scanner = new JsonScanner();
          let before = 0;
          for (const piece of pieces) {
            const end = scanner.scan(piece, 0);
            if (end !== -1) {
              expect(before + end).toBe(json.length - 1);
              return;
            }
            before += piece.length;
          }
          expect.unreachable();
        },
      ),
    );
  });

  test("knows how deep the value is", () => {
    const scanner = new JsonScanner();
    expect(scanner.scan('x{"a":[{}],"b":"[[[["', 1)).toBe(-1);
    expect(scanner).toMatchObject({ depth: 1, deepest: 3 });
    expect(scanner.scan("}", 0)).toBe(0);
    expect(scanner.depth).toBe(0);
  });
});
