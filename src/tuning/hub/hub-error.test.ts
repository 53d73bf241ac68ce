import { HubApiError } from "@huggingface/hub";
import { expect, it } from "vitest";
import { AgentRefineError } from "../../errors.ts";
import { hubError } from "./hub-error.ts";

it("shows what a hub says as one short line without control characters and without the token", () => {
  const token = "hf_secret";
  const target = { endpoint: "https://hub.example", repository: "owner/data", token };
  const refused = new HubApiError("https://hub.example/api", 400);
  refused.data = { error: `no\n\u001b[31m\u009b${token} ${"x".repeat(5000)}` };
  const error = hubError(refused, target);
  expect(error).toBeInstanceOf(AgentRefineError);
  const { message } = error as AgentRefineError;
  expect(message).toContain("status 400: no [31m");
  for (const hidden of ["\n", "\u001b", "\u009b", token]) expect(message).not.toContain(hidden);
  expect(message.length).toBeLessThan(400);
});
