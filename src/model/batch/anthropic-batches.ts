import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Env } from "../../env.ts";
import { anthropicServer, anthropicWire, withVersion } from "../anthropic.ts";
import { type ChatWire, type Fields, isFields, parseFields, readCount, readText } from "../call.ts";
import { ChatError } from "../chat-model.ts";
import { apiOptions, type ProviderSettings, refuseSettings, secretsOf } from "../model-settings.ts";
import { BatchHttp } from "./batch-http.ts";
import { ANTHROPIC_TERMS } from "./batch-providers.ts";
import {
  answerOf,
  type BatchAnswer,
  type BatchInput,
  type BatchService,
  type ProviderBatch,
} from "./batch-service.ts";
import { listBatches } from "./list-batches.ts";

const MEGABYTE = 1_000_000;

/** Opens Anthropic's Message Batches for the model that the settings name. Throws AgentRefineError. */
export function open(settings: ProviderSettings, environment: Env): BatchService {
  const options = apiOptions({ ...settings, stream: false }, environment, "https://api.anthropic.com/v1");
  refuseSettings(settings, { seed: "Anthropic's protocol knows none" });
  const server = anthropicServer(options);
  // Lines are worked on in any order at any time of a day, so that what is kept for minutes is seldom met again.
  const wire = anthropicWire(options, server, "1h");
  const secrets = secretsOf(options);
  const http = new BatchHttp({ baseUrl: withVersion(options.baseUrl), headers: wire.headers, secrets });
  const of = (id: string): string => `/messages/batches/${encodeURIComponent(id)}`;
  return {
    name: http.host,
    limits: { requests: 100_000, bytes: Math.floor(256 * MEGABYTE * 0.95) },
    ...ANTHROPIC_TERMS,
    // The batch itself carries its requests.
    store: undefined,
    line: (customId, request) => `{"custom_id":${JSON.stringify(customId)},"params":${wire.body(request)}}`,
    create: async (input) => {
      const sending = { method: "POST", body: Readable.from(bodyOf(input)) } as const;
      const length = { "content-length": String(HEAD.length + input.bytes - 1 + TAIL.length) };
      return readBatch(await http.json("/messages/batches", { ...sending, headers: length }), http.host);
    },
    list: (since) =>
      listBatches(http, since, {
        path: "/messages/batches",
        after: "after_id",
        read: (fields) => readBatch(fields, http.host),
      }),
    look: async (id) => readBatch(await http.json(of(id)), http.host),
    cancel: async (id) => {
      await http.json(`${of(id)}/cancel`, { method: "POST" });
    },
    fetch: ({ id }) => http.bytes(`${of(id)}/results`),
    readAnswer: (line) => readLine(line, wire, secrets),
    learn: (error, request, version) => server.learn(error, request, version),
    version: () => server.version,
  };
}

const HEAD = '{"requests":[';
const TAIL = "]}";
const NEWLINE = 0x0a;
const COMMA = 0x2c;

/** The lines of a batch file as one JSON list: a line feed stands nowhere else in them. */
async function* bodyOf({ path, bytes }: BatchInput): AsyncGenerator<Buffer | string> {
  yield HEAD;
  // The last line feed is left out.
  for await (const chunk of createReadStream(path, { end: bytes - 2 })) {
    if (!Buffer.isBuffer(chunk)) continue;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) chunk[at] = COMMA;
    yield chunk;
  }
  yield TAIL;
}

function readBatch(fields: Fields, host: string): ProviderBatch {
  const id = readText(fields, "id");
  if (id === undefined) throw new ChatError("bad-reply", `${host} told of a batch without an id`);
  const state = readText(fields, "processing_status") ?? "";
  const counts = isFields(fields.request_counts) ? fields.request_counts : {};
  const count = (name: string): number => readCount(counts, name) ?? 0;
  const answered = count("succeeded") + count("errored");
  const requests = count("processing") + answered + count("canceled") + count("expired");
  const created = Date.parse(readText(fields, "created_at") ?? "");
  return {
    id,
    phase: state === "ended" ? "ended" : "open",
    state,
    createdAt: Number.isNaN(created) ? Number.POSITIVE_INFINITY : created,
    requests,
    answered,
    replies: count("succeeded"),
    files: state === "ended" ? [{ kind: "output", id }] : [],
  };
}

function readLine(line: string, wire: ChatWire, secrets: readonly string[]): BatchAnswer | undefined {
  const fields = parseFields(line);
  const customId = fields && readText(fields, "custom_id");
  const result = fields?.result;
  if (customId === undefined || !isFields(result)) return undefined;
  switch (result.type) {
    case "succeeded":
      return { customId, outcome: answerOf(wire, 200, result.message, secrets) };
    case "errored":
      return { customId, outcome: answerOf(wire, 200, result.error, secrets) };
    default:
      return { customId, outcome: { kind: "unrun", why: readText(result, "type") ?? "unknown" } };
  }
}
