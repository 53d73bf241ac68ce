import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPersona } from "./persona.ts";

describe("toPersona", () => {
  it("gives the text the first 16 hexadecimal digits of its SHA-256", () => {
    const hash = createHash("sha256").update("A baker in Łódź").digest("hex");
    expect(toPersona("A baker in Łódź")).toEqual({ id: hash.slice(0, 16), text: "A baker in Łódź" });
  });

  it("takes no notice of space around the text and of how accents are written", () => {
    const plain = toPersona("A caf\u00e9 owner");
    expect(toPersona(" \tA cafe\u0301 owner\r\n")).toEqual(plain);
    expect(toPersona("\uFEFFA caf\u00e9 owner")).toEqual(plain);
  });

  it("gives its own text the same id again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const persona = toPersona(text);
        expect(persona.id).toMatch(/^[0-9a-f]{16}$/);
        expect(toPersona(persona.text)).toEqual(persona);
      }),
    );
  });
});
