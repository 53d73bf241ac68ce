import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { findKey } from "./model-settings.ts";
import { type ModelSettings, openModel } from "./providers.ts";
import { type ChatServer, startChatServer } from "./testing/chat-server.ts";

let server: ChatServer;
beforeEach(async () => {
  server = await startChatServer(() => "ok");
});
afterEach(() => server.close());

async function ask(settings: Partial<ModelSettings>, environment: Record<string, string> = {}) {
  const model = await openModel({ model: "m", baseUrl: server.url, ...settings }, environment);
  await model.chat({ messages: [{ role: "user", content: "hi" }] });
  const asked = server.requests.at(-1);
  if (asked === undefined) throw new Error("nothing was asked");
  return asked;
}

describe("openModel", () => {
  test("takes a base URL for OpenAI's protocol, also for a claude", async () => {
    expect((await ask({})).dialect).toBe("openai");
    expect((await ask({ model: "claude-x" })).dialect).toBe("openai");
    expect((await ask({ provider: "anthropic", model: "claude-x" })).dialect).toBe("anthropic");
  });

  test("finds Anthropic's address with and without the version", async () => {
    const bare = server.url.replace(/\/v1$/, "");
    expect((await ask({ provider: "anthropic", baseUrl: bare })).dialect).toBe("anthropic");
  });

  test("infers the provider from the name", async () => {
    await expect(openModel({ model: "claude-x" }, {})).rejects.toMatchObject({
      message: "api.anthropic.com needs a key",
    });
    await expect(openModel({ model: "gpt-4o" }, {})).rejects.toMatchObject({
      message: "api.openai.com needs a key",
    });
  });

  test("sends well-known keys to no other host", async () => {
    const asked = await ask({}, { OPENAI_API_KEY: "sk-openai-secret", ANTHROPIC_API_KEY: "sk-ant-secret" });
    expect(JSON.stringify(asked.headers)).not.toContain("secret");
  });

  test("sends the key that the user named, as each protocol wants it", async () => {
    const environment = { MY_KEY: "secret-1\n", AGENTREFINE_API_KEY: "secret-2" };
    expect((await ask({ apiKeyEnv: "MY_KEY" }, environment)).headers.authorization).toBe("Bearer secret-1");
    expect((await ask({}, environment)).headers.authorization).toBe("Bearer secret-2");
    const anthropic = await ask({ provider: "anthropic", apiKeyEnv: "MY_KEY" }, environment);
    expect(anthropic.headers["x-api-key"]).toBe("secret-1");
    expect(anthropic.headers["anthropic-version"]).toBe("2023-06-01");
  });

  test("hands headers, further fields and sampling on", async () => {
    const asked = await ask({
      headers: { "x-title": "t" },
      body: { top_k: 5 },
      temperature: 0,
      seed: 3,
      maxTokens: 9,
    });
    expect(asked.headers["x-title"]).toBe("t");
    expect(asked.body).toMatchObject({ top_k: 5, temperature: 0, seed: 3, max_tokens: 9 });
  });

  test("lets a header of a gateway go over the key's, and shows it in no error", async () => {
    const headers = { Authorization: "Gateway given-secret", "x-goog-api-key": "other-secret" };
    const environment = { AGENTREFINE_API_KEY: "kept-secret" };
    const asked = await ask({ headers }, environment);
    expect(asked.headers).toMatchObject({
      authorization: "Gateway given-secret",
      "x-goog-api-key": "other-secret",
    });
    const echo = await startChatServer((request) => ({ status: 400, body: { detail: request.headers } }));
    const model = await openModel({ model: "m", baseUrl: echo.url, headers }, environment);
    const failure = await model.chat({ messages: [] }).catch((error: unknown) => error);
    await echo.close();
    expect(String(failure)).toContain("[redacted]");
    expect(String(failure)).not.toMatch(/-secret/);
  });

  test.each<Partial<ModelSettings>>([
    { baseUrl: "http://user:password@127.0.0.1/v1" },
    { baseUrl: "http://127.0.0.1/v1?key=secret" },
    { baseUrl: "ftp://127.0.0.1/v1" },
    { baseUrl: "127.0.0.1" },
    { body: { n: 4 } },
    { body: { max_tokens: 4 }, maxTokens: 3 },
    { body: { max_completion_tokens: "many" } },
    { baseUrl: "http://127.0.0.1/v1?sig=secret" },
    { provider: "anthropic", seed: 1 },
    { provider: "ai-sdk" },
    { apiKeyEnv: "NOT_SET" },
  ])("refuses %j", async (settings) => {
    const error = await openModel({ model: "m", baseUrl: server.url, ...settings }, {}).catch(
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(AgentRefineError);
    expect(error.fix).toBeTruthy();
    expect(error.message).not.toMatch(/password|secret/);
  });
});

describe("findKey", () => {
  test("gives a host's own key only over https", () => {
    const environment = { OPENAI_API_KEY: "sk-openai" };
    expect(findKey(new URL("https://api.openai.com/v1"), environment)).toBe("sk-openai");
    expect(() => findKey(new URL("http://api.openai.com/v1"), environment)).toThrow(AgentRefineError);
    expect(findKey(new URL("https://api.openai.com.evil.example/v1"), environment)).toBeUndefined();
  });

  test("refuses a key that cannot be a header", () => {
    const environment = { OPENAI_API_KEY: "sk-one\nsk-two" };
    const error = () => findKey(new URL("https://api.openai.com/v1"), environment);
    expect(error).toThrow(/OPENAI_API_KEY/);
    expect(error).not.toThrow(/sk-one/);
  });
});
