import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { defined } from "../../defined.ts";
import type { Env } from "../../env.ts";
import { AgentRefineError, shortWords } from "../../errors.ts";
import { type Fields, isFields, ownValue, parseFields, readCount, readText } from "../call.ts";
import { classifyFailure } from "../failure.ts";
import { apiOptions, type ProviderSettings, secretsOf } from "../model-settings.ts";
import type { BatchTerms } from "../money.ts";
import { openAiServer, openAiWire } from "../openai.ts";
import { BatchHttp } from "./batch-http.ts";
import {
  type AnswerFile,
  type AnswerOutcome,
  answerOf,
  type BatchAnswer,
  type BatchRefusal,
  type BatchService,
  type FileStore,
  type ProviderBatch,
} from "./batch-service.ts";

/** How the services differ that speak OpenAI's batch protocol: everything that is not the same for all of them. */
interface BatchProviderRow {
  /** Hosts it is found at; the last row is for all others. */
  readonly hosts: RegExp;
  /** What an uploaded file is for, as the service wants it said. */
  readonly purpose: string;
  /** The endpoint in each line and of the whole batch. */
  readonly endpoint: string;
  readonly requests: number;
  /** Bytes of a file, as the service states its limit. */
  readonly bytes: number;
  /** What the price of a live call is multiplied by; 1 where nothing is known, so that a cap holds. */
  readonly discount: number;
}

const MEGABYTE = 1_000_000;

const OPENAI: BatchProviderRow = {
  hosts: /^api\.openai\.com$/,
  purpose: "batch",
  endpoint: "/v1/chat/completions",
  requests: 50_000,
  bytes: 200 * MEGABYTE,
  discount: 0.5,
};

/** The first row whose hosts match counts. */
const BATCH_PROVIDERS: readonly BatchProviderRow[] = [
  OPENAI,
  { ...OPENAI, hosts: /\.azure\.com$/, endpoint: "/chat/completions" },
  {
    ...OPENAI,
    hosts: /^api\.together\.(?:xyz|ai)$/,
    purpose: "batch-api",
    bytes: 100 * MEGABYTE,
  },
  { ...OPENAI, hosts: /^api\.groq\.com$/, discount: 0.75 },
  { ...OPENAI, hosts: /./, discount: 1 },
];

/** Hosts that cannot be asked in this protocol, and why. */
const NO_BATCHES: readonly (readonly [RegExp, string])[] = [
  [/^api\.mistral\.ai$/, "Mistral's batches have a protocol of their own"],
  [/^api\.fireworks\.ai$/, "Fireworks' batches have a protocol of their own"],
  [/^api\.deepseek\.com$/, "DeepSeek has no batch service"],
  [/^openrouter\.ai$/, "OpenRouter has no batch service"],
];

/** How the service at an address differs. */
function rowOf(baseUrl: string): BatchProviderRow {
  const { hostname } = new URL(baseUrl);
  return BATCH_PROVIDERS.find(({ hosts }) => hosts.test(hostname)) ?? OPENAI;
}

/** What the batch service at an address takes. */
export function termsAt(baseUrl = "https://api.openai.com/v1"): BatchTerms {
  return { discount: rowOf(baseUrl).discount };
}

/** Opens the batch service of the server that the settings name. Throws AgentRefineError. */
export function open(settings: ProviderSettings, environment: Env): BatchService {
  const options = apiOptions({ ...settings, stream: false }, environment, "https://api.openai.com/v1");
  const { hostname } = new URL(options.baseUrl);
  const without = NO_BATCHES.find(([hosts]) => hosts.test(hostname));
  if (without !== undefined) {
    throw new AgentRefineError(`${hostname} cannot be asked in batches: ${without[1]}`, {
      fix: "Leave --batch out.",
    });
  }
  const row = rowOf(options.baseUrl);
  const server = openAiServer(options);
  const wire = openAiWire(options, server);
  const { baseUrl } = options;
  const secrets = secretsOf(options);
  const http = new BatchHttp({ baseUrl, headers: wire.headers, secrets });
  return {
    name: http.host,
    limits: { requests: row.requests, bytes: Math.floor(row.bytes * 0.95) },
    discount: row.discount,
    store: fileStore(http, row),
    line: (customId, request) =>
      `{"custom_id":${JSON.stringify(customId)},"method":"POST","url":${JSON.stringify(row.endpoint)},"body":${wire.body(request)}}`,
    create: async ({ batch }, file) => {
      const body = JSON.stringify({
        input_file_id: file,
        endpoint: row.endpoint,
        completion_window: "24h",
        metadata: { agentrefine: batch },
      });
      const made = await http.json("/batches", { method: "POST", body });
      // Together wraps what it has made.
      return readBatch(isFields(made.job) ? made.job : made, http);
    },
    ...http.batches("/batches", "after", (fields) => readBatch(fields, http)),
    fetch: ({ id }) => http.bytes(`/files/${encodeURIComponent(id)}/content`),
    readAnswer: (line) => readLine(line, (status, body) => answerOf(wire, status, body, secrets), secrets),
    learn: (error, request) => server.learn(error, request, 0),
  };
}

const BOUNDARY = "agentrefine-batch-file-3f1c9a";

/** The parts of a form before and after the file's own bytes. */
function formAround(purpose: string, name: string): { readonly head: string; readonly tail: string } {
  const head = [
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\n${purpose}\r\n`,
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n`,
    "content-type: application/jsonl\r\n\r\n",
  ].join("");
  return { head, tail: `\r\n--${BOUNDARY}--\r\n` };
}

async function* formOf(head: string, path: string, tail: string): AsyncGenerator<Buffer | string> {
  yield head;
  yield* createReadStream(path);
  yield tail;
}

function fileStore(http: BatchHttp, { purpose }: BatchProviderRow): FileStore {
  return {
    find: async ({ name, bytes }) => {
      const { data } = await http.json("/files", { query: { purpose, order: "desc", limit: "1000" } });
      const files: readonly unknown[] = Array.isArray(data) ? data : [];
      const found = files.find(
        (file) => ownValue(file, "filename") === name && ownValue(file, "bytes") === bytes,
      );
      return isFields(found) ? readText(found, "id") : undefined;
    },
    put: async ({ name, path, bytes }) => {
      const { head, tail } = formAround(purpose, name);
      const file = await http.json("/files", {
        method: "POST",
        headers: {
          "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
          "content-length": String(Buffer.byteLength(head) + bytes + Buffer.byteLength(tail)),
        },
        body: Readable.from(formOf(head, path, tail)),
      });
      return http.idOf(file, "file");
    },
    remove: async (id) => {
      await http.json(`/files/${encodeURIComponent(id)}`, { method: "DELETE" });
    },
  };
}

/** The states in which nothing more will come. All others, also those not known yet, are waited for. */
const ENDED: ReadonlySet<string> = new Set(["completed", "expired", "cancelled", "canceled"]);

/** Milliseconds since 1970 of seconds or of an ISO date, which Together sends; of anything else it may be any time. */
function timeOf(value: unknown): number {
  if (typeof value === "number") return value * 1000;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

function readBatch(fields: Fields, http: BatchHttp): ProviderBatch {
  const state = (readText(fields, "status") ?? "").toLowerCase();
  const counts = isFields(fields.request_counts) ? fields.request_counts : {};
  const requests = readCount(counts, "total");
  const replies = readCount(counts, "completed") ?? 0;
  const answered = replies + (readCount(counts, "failed") ?? 0);
  const mark = ownValue(fields.metadata, "agentrefine");
  const inputFile = readText(fields, "input_file_id");
  const files = [fileOf("output", fields.output_file_id), fileOf("errors", fields.error_file_id)].flat();
  const isRefused = state === "failed" && files.length === 0;
  return {
    id: http.idOf(fields, "batch"),
    phase: isRefused ? "refused" : ENDED.has(state) || state === "failed" ? "ended" : "open",
    state,
    createdAt: timeOf(fields.created_at),
    ...(requests === undefined ? {} : { requests, answered, replies }),
    ...(typeof mark === "string" ? { mark } : {}),
    ...defined({ inputFile }),
    files,
    ...(isRefused ? { refusal: refusalOf(fields) } : {}),
  };
}

function fileOf(kind: AnswerFile["kind"], id: unknown): readonly AnswerFile[] {
  return typeof id === "string" && id !== "" ? [{ kind, id }] : [];
}

function refusalOf(fields: Fields): BatchRefusal {
  const data = ownValue(fields.errors, "data");
  const all = (Array.isArray(data) ? data : []).filter(isFields);
  const words = all.map((each) => {
    const line = readCount(each, "line");
    return `${readText(each, "message") ?? readText(each, "code") ?? ""}${line === undefined ? "" : ` (line ${line})`}`;
  });
  const isFull = all.some(({ code }) => code === "token_limit_exceeded");
  const several = words.length > 1 ? ` and ${words.length - 1} more` : "";
  return {
    kind: isFull ? "no-room" : "refused",
    words: shortWords(`${words[0] ?? "it did not say why"}${several}`),
  };
}

/** Errors of lines that did not run at all. */
const UNRUN: Readonly<Record<string, string>> = {
  batch_expired: "expired",
  batch_cancelled: "canceled",
  batch_canceled: "canceled",
};

/** Reads a line of answers of this form, which vLLM's `run-batch` writes too. */
export function readLine(
  line: string,
  read: (status: number, body: unknown) => AnswerOutcome,
  secrets: readonly string[],
): BatchAnswer | undefined {
  const fields = parseFields(line);
  const customId = fields && readText(fields, "custom_id");
  if (fields === undefined || customId === undefined) return undefined;
  const { response, error } = fields;
  if (isFields(response)) {
    const status = readCount(response, "status_code") ?? (error == null ? 200 : 400);
    // vLLM keeps the words of a refusal beside the response.
    const body = response.body ?? (error == null ? null : { error });
    return { customId, outcome: read(status, body) };
  }
  const code = isFields(error) ? (readText(error, "code") ?? "") : "";
  const why = Object.hasOwn(UNRUN, code) ? UNRUN[code] : undefined;
  if (why !== undefined) return { customId, outcome: { kind: "unrun", why } };
  const body = JSON.stringify({ error: isFields(error) ? error : { message: String(error) } });
  return {
    customId,
    outcome: { kind: "error", error: classifyFailure({ status: 200, headers: {}, body }, secrets) },
  };
}
