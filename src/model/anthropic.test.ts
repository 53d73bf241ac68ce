import { describe, expect, test } from "vitest";
import { anthropicModel, anthropicWire, openBatches } from "./anthropic.ts";
import type { ChatRequest } from "./chat-model.ts";
import type { ApiOptions } from "./model-settings.ts";
import { ServerLimits } from "./server-limits.ts";
import { holdChatModelContract } from "./testing/chat-model-contract.ts";

holdChatModelContract("anthropic", (settings) => anthropicModel({ ...settings, model: "claude-served" }));

const OPTIONS: ApiOptions = { baseUrl: "https://api.anthropic.com/v1", model: "claude", key: "k" };
const wireOf = (options: Partial<ApiOptions> = {}) =>
  anthropicWire({ ...OPTIONS, ...options }, new ServerLimits("claude", options));
const REQUEST: ChatRequest = {
  messages: [
    { role: "system", content: "rules" },
    { role: "user", content: "one" },
    { role: "user", content: "two" },
    { role: "assistant", content: "three" },
  ],
  schema: { name: "script", schema: { type: "object" }, strict: true },
};

function bodyOf(options: Partial<ApiOptions>, request = REQUEST): Record<string, unknown> {
  return JSON.parse(wireOf(options).body(request));
}

describe("the request", () => {
  test("has the system apart and marked for the cache, and neighbours of one role merged", () => {
    expect(bodyOf({})).toEqual({
      model: "claude",
      system: [{ type: "text", text: "rules", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "one\n\ntwo" },
        { role: "assistant", content: "three" },
      ],
      max_tokens: 8192,
      stream: true,
    });
    expect(bodyOf({}, { messages: [{ role: "user", content: "one" }] })).not.toHaveProperty("system");
    const inBatch = openBatches({ model: "claude", note: () => {} }, { ANTHROPIC_API_KEY: "k" }).line(
      "a",
      REQUEST,
    );
    expect(JSON.parse(inBatch)).toMatchObject({
      params: { system: [{ cache_control: { type: "ephemeral", ttl: "1h" } }] },
    });
  });

  test("has the schema only when the replies are to be structured", () => {
    expect(bodyOf({ structured: true }).output_config).toEqual({
      format: { type: "json_schema", schema: { type: "object" } },
    });
  });

  test("has the key and the version in its headers", () => {
    expect(wireOf().headers).toMatchObject({
      "x-api-key": "k",
      "anthropic-version": "2023-06-01",
    });
  });
});

describe("a stream as Anthropic sends it", () => {
  const readEvent = wireOf().eventReader();

  test.each([
    [
      '{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":21,"cache_creation_input_tokens":188,"cache_read_input_tokens":1000,"output_tokens":1}}}',
      { usage: { promptTokens: 1209, cachedTokens: 1000, cacheWriteTokens: 188, completionTokens: 1 } },
    ],
    ['{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}', {}],
    ['{"type":"ping"}', {}],
    ['{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}', { text: "Hi" }],
    [
      '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}',
      { reasoning: "Hm" },
    ],
    ['{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}}', {}],
    ['{"type":"content_block_stop","index":0}', {}],
    [
      '{"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"output_tokens":15}}',
      { finish: "length", usage: { completionTokens: 15 } },
    ],
    ['{"type":"message_stop"}', { done: true }],
    ['{"type":"event_of_next_year","x":1}', {}],
  ])("%s", (data, part) => {
    expect(readEvent(data)).toEqual(part);
  });

  test("an error event keeps the provider's words", () => {
    const data = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
    expect(readEvent(data)).toEqual({ failure: data });
  });

  test("what is not an object is malformed", () => {
    expect(readEvent("{").malformed).toBeTypeOf("string");
  });
});

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["refusal", "filter"],
  ["tool_use", "tool"],
  ["model_context_window_exceeded", "length"],
])("a whole reply that stopped by %s ended by %s", (reason, finish) => {
  const body = { type: "message", content: [{ type: "text", text: "a" }], stop_reason: reason };
  expect(wireOf().readReply(JSON.stringify(body))).toEqual({ text: "a", finish });
});
