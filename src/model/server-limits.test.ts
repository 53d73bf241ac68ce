import { afterEach, describe, expect, test } from "vitest";
import { anthropicModel } from "./anthropic.ts";
import type { ChatRequest, Sampling } from "./chat-model.ts";
import { openAiCompatibleModel } from "./openai.ts";
import { openModel } from "./providers.ts";
import { type ChatHandler, type ChatServer, startChatServer } from "./testing/chat-server.ts";
import type { ServedAnswer } from "./testing/served-answer.ts";

const servers: ChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function refuse(message: string, status = 400): ServedAnswer {
  return { status, body: { error: { message, type: "invalid_request_error" } } };
}

/** A prompt of about so many tokens. */
function promptOf(tokens: number): ChatRequest {
  return { messages: [{ role: "user", content: "word ".repeat(0.8 * tokens) }] };
}

async function start(handler: ChatHandler, sampling: Sampling = {}, model = "my-deployment") {
  const server = await startChatServer(handler);
  servers.push(server);
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const opened = openAiCompatibleModel({ baseUrl: server.url, model, note, ...sampling });
  return { server, notes, model: opened };
}

/** OpenAI's reasoning models, whatever their name. */
const reasoning: ChatHandler = ({ body }) => {
  if (body.max_tokens !== undefined) {
    return refuse(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    );
  }
  if (body.temperature !== undefined) {
    return refuse(
      "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
    );
  }
  return "ok";
};

describe("what one request asks for", () => {
  const sampling = { temperature: 0.7, stop: ["\nObservation:"] };

  test("goes over what holds for all, and a request without it is as before", async () => {
    const { server, model } = await start(() => "ok", { temperature: 0 });
    await model.chat({ ...promptOf(5), sampling });
    await model.chat(promptOf(5));
    expect(server.requests[0]?.body).toMatchObject(sampling);
    expect(server.requests[1]?.body.temperature).toBe(0);
    expect(server.requests[1]?.body).not.toHaveProperty("stop");
  });

  test("is left out from the first refusal on, and that is said once", async () => {
    const { server, notes, model } = await start(
      ({ body }) =>
        body.stop === undefined
          ? "ok"
          : refuse("Unsupported parameter: 'stop' is not supported with this model."),
      { temperature: 0 },
    );
    expect((await model.chat({ ...promptOf(5), sampling })).text).toBe("ok");
    expect((await model.chat({ ...promptOf(5), sampling })).text).toBe("ok");
    expect(server.counts.requests).toBe(3);
    expect(server.requests.at(-1)?.body).toMatchObject({ temperature: 0.7 });
    expect(notes).toEqual([expect.stringContaining("refuses stop, which is left out")]);
  });
});

describe("a reasoning model under another name", () => {
  test("is asked as it wants to be from its first refusals on, and that is said once", async () => {
    const { server, notes, model } = await start(reasoning, { maxTokens: 500, temperature: 0 });
    expect((await model.chat(promptOf(5))).text).toBe("ok");
    await Promise.all([1, 2, 3].map(() => model.chat(promptOf(5))));
    expect(server.counts.requests).toBe(3 + 3);
    expect(server.requests.at(-1)?.body).toMatchObject({ max_completion_tokens: 500 });
    expect(notes).toEqual([
      expect.stringMatching(/refuses max_tokens; max_completion_tokens is sent/),
      expect.stringMatching(/refuses temperature, which is left out/),
    ]);
  });

  test("calls that were refused together all get their replies", async () => {
    const { notes, model } = await start(reasoning, { maxTokens: 500, temperature: 0 });
    const replies = await Promise.all(Array.from({ length: 16 }, () => model.chat(promptOf(5))));
    expect(replies.every(({ text }) => text === "ok")).toBe(true);
    expect(notes).toHaveLength(2);
  });

  test("may be given its field in the body", async () => {
    const server = await startChatServer(reasoning);
    servers.push(server);
    const body = { max_completion_tokens: 300 };
    const model = await openModel({ model: "m", baseUrl: server.url, maxTokens: 500, body }, {});
    expect((await model.chat(promptOf(5))).text).toBe("ok");
    expect(server.requests.map(({ body: { max_completion_tokens } }) => max_completion_tokens)).toEqual([
      300,
    ]);
  });

  test("a gateway that does not know the newer field is sent the older", async () => {
    const { server, model } = await start(
      ({ body }) =>
        body.max_completion_tokens === undefined
          ? "ok"
          : refuse("Unrecognized request argument supplied: max_completion_tokens"),
      { maxTokens: 500 },
      "gpt-5",
    );
    expect((await model.chat(promptOf(5))).text).toBe("ok");
    expect(server.requests.at(-1)?.body.max_tokens).toBe(500);
  });

  test("a refusal for anything else is one", async () => {
    const { server, model } = await start(() => refuse("flagged by moderation"), { temperature: 2 });
    await expect(model.chat(promptOf(5))).rejects.toMatchObject({ code: "rejected-request" });
    expect(server.counts.requests).toBe(1);
  });

  test("Anthropic's models that take no temperature are asked without", async () => {
    const server = await startChatServer(({ body }) =>
      body.temperature === undefined ? "ok" : refuse("`temperature` is deprecated for this model."),
    );
    servers.push(server);
    const model = anthropicModel({ baseUrl: server.url, model: "claude", temperature: 0 });
    expect((await model.chat(promptOf(5))).text).toBe("ok");
  });
});

test.each([400, 422])("stream_options that are refused with %i are left out", async (status) => {
  const { server, notes, model } = await start(({ body }) =>
    body.stream_options === undefined
      ? "ok"
      : refuse("Extra inputs are not permitted: stream_options", status),
  );
  expect((await model.chat(promptOf(5))).text).toBe("ok");
  expect(server.requests.at(-1)?.body).toMatchObject({ stream: true });
  expect(notes).toHaveLength(1);
});

describe("a context that is shorter than the limit", () => {
  const CONTEXT = 8192;
  const vllm: ChatHandler = ({ body, messages }) => {
    const prompt = Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 3.5);
    const wanted = Number(body.max_tokens);
    return prompt + wanted <= CONTEXT
      ? "ok"
      : refuse(
          `'max_tokens' or 'max_completion_tokens' is too large: ${wanted}. This model's maximum context length is ${CONTEXT} tokens and your request has ${prompt} input tokens (${wanted} > ${CONTEXT} - ${prompt}).`,
        );
  };

  test("gives replies what prompts leave of it, said once", async () => {
    const { server, notes, model } = await start(vllm, { maxTokens: 8192 });
    expect((await model.chat(promptOf(3600))).text).toBe("ok");
    expect(server.counts.requests).toBe(2);
    const sent = Number(server.requests.at(-1)?.body.max_tokens);
    expect(sent).toBeGreaterThan(3800);
    expect(sent).toBeLessThan(4200);
    await model.chat(promptOf(2000));
    expect(server.counts.requests).toBe(3);
    expect(notes).toEqual([
      expect.stringMatching(/has a context of 8192 tokens: .* in place of 'maxTokens' 8192/),
    ]);
  });

  test("that the prompt fills is a refusal", async () => {
    const { server, model } = await start(vllm, { maxTokens: 8192 });
    await expect(model.chat(promptOf(7000))).rejects.toMatchObject({ code: "rejected-request" });
    expect(server.counts.requests).toBe(1);
  });

  test("replies that a server bounds by themselves are bounded so", async () => {
    const { server, model } = await start(
      ({ body }) =>
        Number(body.max_tokens) > 4096
          ? refuse("max_tokens is too large: 8192. This model supports at most 4096 completion tokens.")
          : "ok",
      { maxTokens: 8192 },
    );
    expect((await model.chat(promptOf(100))).text).toBe("ok");
    expect(server.requests.at(-1)?.body.max_tokens).toBe(4096);
  });
});

test("a prompt of which the server counts far fewer tokens than it has was cut, which is said once", async () => {
  const { notes, model } = await start(({ number }) => ({
    text: "ok",
    promptTokens: number === 1 ? 3500 : 2048,
  }));
  await model.chat(promptOf(3600));
  expect(notes).toEqual([]);
  await model.chat(promptOf(3600));
  await model.chat(promptOf(3600));
  expect(notes).toEqual([expect.stringMatching(/counted 2048 tokens in a prompt of about 3600/)]);
});

test("the query of a base URL goes along, as Azure wants it, and its key in its own header", async () => {
  const server = await startChatServer(() => "ok");
  servers.push(server);
  const model = await openModel({ model: "m", baseUrl: `${server.url}/?api-version=2024-10-21` }, {});
  expect((await model.chat(promptOf(5))).text).toBe("ok");
  expect(server.requests[0]?.query).toBe("api-version=2024-10-21");
});
