import { expect, test } from "vitest";
import { estimatePromptTokens, estimateTokens } from "./call.ts";

test("four ASCII characters are a token, and so is each character beyond", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("abcde")).toBe(2);
  expect(estimateTokens("你好")).toBe(2);
  expect(estimateTokens("abcd é")).toBe(3);
});

test("a prompt has its messages and four tokens for each", () => {
  const message = { role: "user", content: "abcd" } as const;
  expect(estimatePromptTokens([message, message])).toBe(10);
});
