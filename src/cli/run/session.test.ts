import { expect, test } from "vitest";
import { givenAgain } from "./session.ts";

test("what must be given again can be pasted into a shell", () => {
  const baseUrl = "https://example.com/openai?api-version=2026-01-01&key='a'";
  expect(givenAgain(undefined, { options: {}, baseUrl }, undefined)).toBe(
    String.raw` --base-url 'https://example.com/openai?api-version=2026-01-01&key='\''a'\'''`,
  );
  const local = "http://localhost:8000/v1";
  expect(givenAgain(undefined, { options: { maxCost: 2 }, baseUrl: local }, undefined)).toBe(
    ` --base-url ${local} --max-cost 2`,
  );
});
