import { once } from "node:events";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import OpenAI from "openai";
import { Agent, request as bareRequest } from "undici";
import type { ChatMessage } from "../../src/model/chat-model.ts";
import { receive, request, type Synthesis, watch } from "../../src/synthesis/synthesis.ts";
import { fullStack } from "../support/full-stack.ts";

/** Streams one reply, verifies it while it comes and once more when it is whole. */
export type StreamClient = () => Promise<void>;

/** Makes a client for the server at `url`. */
export type ClientMaker = (url: string, atOnce: number, synthesis: Synthesis) => Promise<StreamClient>;

function messagesOf(synthesis: Synthesis): readonly ChatMessage[] {
  return request(synthesis)?.messages ?? [];
}

/** What a run does with a whole reply; a reply that is not accepted would make the figures worthless. */
function finish(synthesis: Synthesis, text: string): void {
  const { stage } = receive(synthesis, { text });
  if (stage.kind !== "ended" || stage.outcome.kind !== "accepted")
    throw new Error("the reply was not accepted");
}

/** Our model as a run has it. */
export const ourClient: ClientMaker = async (url, atOnce, synthesis) => {
  const model = await fullStack({ baseUrl: url, atOnce, stream: true });
  const ask = { messages: messagesOf(synthesis) };
  const { signal: stop } = new AbortController();
  return async () => {
    const begin = (): ((text: string) => boolean) => {
      const look = watch(synthesis);
      return (text) => look(text) !== undefined;
    };
    const { text } = await model.chat(ask, { stop, watch: begin });
    finish(synthesis, text);
  };
};

/** The `openai` package, used as its documentation shows. */
export const openAiClient: ClientMaker = async (url, _atOnce, synthesis) => {
  const client = new OpenAI({ apiKey: "none", baseURL: url });
  const messages = messagesOf(synthesis).map(({ role, content }) => ({ role, content }));
  return async () => {
    const stream = await client.chat.completions.create({
      model: "served",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const look = watch(synthesis);
    let text = "";
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta.content;
      if (delta === undefined || delta === null || delta === "") continue;
      text += delta;
      if (look(delta) !== undefined) break;
    }
    finish(synthesis, text);
  };
};

/** The AI SDK's `streamText`, used as its documentation shows. */
export const aiSdkClient: ClientMaker = async (url, _atOnce, synthesis) => {
  const provider = createOpenAICompatible({ name: "served", baseURL: url, includeUsage: true });
  const model = provider.chatModel("served");
  const messages = messagesOf(synthesis).flatMap(({ role, content }) =>
    role === "user" ? [{ role, content }] : [],
  );
  const system = messagesOf(synthesis)
    .flatMap(({ role, content }) => (role === "system" ? [content] : []))
    .join("\n");
  return async () => {
    const { textStream } = streamText({ model, system, messages });
    const look = watch(synthesis);
    let text = "";
    for await (const delta of textStream) {
      text += delta;
      if (look(delta) !== undefined) break;
    }
    finish(synthesis, text);
  };
};

/** The least that a client can do: reads the bytes and throws them away. Nothing is parsed or verified. */
export const bareClient: ClientMaker = async (url, _atOnce, synthesis) => {
  const dispatcher = new Agent();
  const body = JSON.stringify({ model: "served", messages: messagesOf(synthesis), stream: true });
  return async () => {
    const { body: stream } = await bareRequest(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      dispatcher,
    });
    stream.resume();
    await once(stream, "end");
  };
};
