import { expect, test } from "vitest";
import { secretField } from "./run-settings.ts";

test.each([
  [{ api_key: "x" }, "api_key"],
  [{ key: "x" }, "key"],
  [{ user_config: { model_list: [{ params: { top_k: 1, apiKey: "x" } }] } }, "apiKey"],
  [{ extra_headers: { "X-Goog-Api-Key": "x" } }, "X-Goog-Api-Key"],
  [{ aws_secret_access_key: "x" }, "aws_secret_access_key"],
  [{ tools: [{ type: "mcp", authorization_token: "x" }] }, "authorization_token"],
  [{ password: ["x", "y"] }, "password"],
])("finds the secret in %j", (body, name) => {
  expect(secretField(body)).toBe(name);
});

test.each([
  { top_k: 5, min_tokens: 3, stop_token_ids: [1, 2], skip_special_tokens: false, stop: ["token"] },
  { prompt_cache_key: "personas", thinking: { type: "enabled", budget_tokens: 1024 } },
  { guided_json: { properties: { password: { type: "string" } }, required: ["password"] } },
])("finds none in %j", (body) => {
  expect(secretField(body)).toBeUndefined();
});
