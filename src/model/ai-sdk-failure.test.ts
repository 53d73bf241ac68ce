import { expect, test } from "vitest";
import { aiSdkFailure } from "./ai-sdk-failure.ts";

test.each([
  ["AI_JSONParseError", "bad-reply"],
  ["Error", "unreachable"],
])("the words of %s are one short line without control characters and keys", (name, code) => {
  const text = `Text: my-private-key ${"A\u001b[31m\n".repeat(2000)}`;
  const failure = aiSdkFailure(Object.assign(new Error(text), { name }), ["my-private-key"]);
  expect(failure.code).toBe(code);
  expect(failure.message).toMatch(/^Text: \[redacted\] A \[31m/);
  for (const hidden of ["\n", "\u001b"]) expect(failure.message).not.toContain(hidden);
  expect(failure.message.length).toBeLessThanOrEqual(300);
});
