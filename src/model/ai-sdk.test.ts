import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { wrapLanguageModel } from "ai";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { aiSdkFailure, aiSdkModel, loadAiSdkModel, open } from "./ai-sdk.ts";
import { holdChatModelContract } from "./testing/chat-model-contract.ts";
import { type ChatServer, startChatServer } from "./testing/chat-server.ts";

holdChatModelContract("ai-sdk", ({ baseUrl, key, ...settings }) => {
  const provider = createOpenAICompatible({
    name: "served",
    baseURL: baseUrl,
    apiKey: key,
    includeUsage: true,
  });
  const model = wrapLanguageModel({
    model: provider.chatModel("served"),
    middleware: { specificationVersion: "v3" },
  });
  return aiSdkModel(model, "served", { ...settings, secrets: [key] });
});

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

let server: ChatServer;
let folder: string;

/** Writes a provider's package, as its users would install it, that talks to the test server. */
async function install(): Promise<void> {
  const place = join(folder, "node_modules", "served-provider");
  await mkdir(place, { recursive: true });
  const real = import.meta.resolve("@ai-sdk/openai-compatible");
  await writeFile(
    join(place, "package.json"),
    '{"name": "served-provider", "type": "module", "exports": "./index.js"}',
  );
  await writeFile(
    join(place, "index.js"),
    `import { createOpenAICompatible } from ${JSON.stringify(real)};
     export const createServed = createOpenAICompatible;
     export const served = createOpenAICompatible({ name: "served", baseURL: ${JSON.stringify(server.url)} });`,
  );
}

beforeAll(async () => {
  server = await startChatServer(() => "ok");
  folder = await mkdtemp(join(tmpdir(), "ai-sdk-"));
  await install();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe("loadAiSdkModel", () => {
  test("loads a provider's package from the folder and asks its model", async () => {
    const model = await loadAiSdkModel("served-provider:some/model:free", {}, folder);
    expect(model.name).toBe("some/model:free");
    expect((await model.chat({ messages: [{ role: "user", content: "hi" }] })).text).toBe("ok");
    expect(server.requests.at(-1)?.model).toBe("some/model:free");
  });

  test("lets a package find the variables that are given, under those of the process", async () => {
    vi.stubEnv("SERVED_ORIGIN", "the process");
    vi.stubEnv("SERVED_API_KEY", undefined);
    const given = { SERVED_API_KEY: "from-a-file", SERVED_ORIGIN: "a file", SERVED_NOTHING: undefined };
    await expect(open({ model: "@ai-sdk/absent-provider:m" }, given)).rejects.toThrow("is not installed");
    expect(process.env).toMatchObject({ SERVED_API_KEY: "from-a-file", SERVED_ORIGIN: "the process" });
    expect("SERVED_NOTHING" in process.env).toBe(false);
    vi.unstubAllEnvs();
  });

  test("says what to install", async () => {
    await expect(loadAiSdkModel("@ai-sdk/absent-provider:m", {}, folder)).rejects.toMatchObject({
      name: "AgentRefineError",
      fix: "Run: npm install @ai-sdk/absent-provider",
    });
  });

  test.each(["gemini", ":m", "../evil:m", "/etc/passwd:m", "@ai-sdk/google:"])(
    "refuses the name %s",
    async (text) => {
      await expect(loadAiSdkModel(text, {}, folder)).rejects.toMatchObject({ name: "AgentRefineError" });
    },
  );

  test("refuses a package without a provider", async () => {
    await expect(loadAiSdkModel("@ai-sdk/openai-compatible:m", {}, folder)).rejects.toThrow(
      /exports no provider/,
    );
  });
});
