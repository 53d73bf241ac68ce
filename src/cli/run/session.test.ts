import { expect, test } from "vitest";
import { requireOwnKey } from "../../model/run-model.ts";
import { givenAgain } from "./session.ts";

test("what must be given again can be pasted into a shell", () => {
  const baseUrl = "https://example.com/openai?api-version=2026-01-01&key='a'";
  expect(givenAgain(undefined, { options: {}, baseUrl }, undefined, {})).toBe(
    String.raw` --base-url 'https://example.com/openai?api-version=2026-01-01&key='\''a'\'''`,
  );
  const local = "http://localhost:8000/v1";
  expect(givenAgain(undefined, { options: { maxCost: 2 }, baseUrl: local }, undefined, {})).toBe(
    ` --base-url ${local} --max-cost 2`,
  );
});

test("a folder does not decide alone which key goes to which server", () => {
  const saved = { baseUrl: "https://example.com/v1", apiKeyEnv: "MY_KEY" };
  expect(() => requireOwnKey(saved, undefined, {})).toThrow(
    "send the key in MY_KEY to https://example.com/v1",
  );
  expect(() => requireOwnKey(saved, { apiKeyEnv: "MY_KEY" }, {})).not.toThrow();
  expect(() => requireOwnKey(saved, { baseUrl: saved.baseUrl }, {})).not.toThrow();
  expect(() => requireOwnKey({ apiKeyEnv: "MY_KEY" }, undefined, {})).not.toThrow();
  const choice = { ...saved, name: "m", maxTokens: 1 };
  expect(givenAgain(choice, { options: {} }, undefined, {})).toBe(" --api-key-env MY_KEY");
  expect(givenAgain(choice, { options: {}, baseUrl: "http://localhost" }, undefined, {})).toBe(
    " --base-url http://localhost",
  );
  const own = { AGENTREFINE_API_KEY: "sk-1" };
  const to = (baseUrl: string) => () => requireOwnKey({ baseUrl }, undefined, own);
  expect(to(saved.baseUrl)).toThrow("send the key in AGENTREFINE_API_KEY to https://example.com/v1");
  expect(to("http://api.openai.com/v1")).toThrow("AGENTREFINE_API_KEY");
  expect(to("https://api.openai.com/v1")).not.toThrow();
  expect(to("http://127.0.0.1:8000/v1")).not.toThrow();
  expect(() => requireOwnKey({ baseUrl: saved.baseUrl }, undefined, {})).not.toThrow();
  const unnamed = { baseUrl: saved.baseUrl, name: "m", maxTokens: 1 };
  expect(givenAgain(unnamed, { options: {} }, undefined, own)).toBe(" --api-key-env AGENTREFINE_API_KEY");
});
