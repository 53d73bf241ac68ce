import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { serveStream, writeInPieces } from "./serve-stream.ts";
import type { ServedAnswer, ServedRefusal, ServedReply, ServedRequest } from "./served-answer.ts";
import type { ServedDialect } from "./served-dialect.ts";

/** Where an answer goes. */
interface AnswerJob {
  readonly response: ServerResponse;
  readonly dialect: ServedDialect;
  readonly request: ServedRequest;
  /** Called with the number of deltas written so far. */
  readonly progress: (deltas: number) => void;
}

/** Sends what the handler decided, with its pace and its fault. */
export async function serveAnswer(job: AnswerJob, answer: ServedAnswer): Promise<void> {
  if (typeof answer === "string") return serveReply(job, { text: answer });
  if ("silence" in answer) return;
  if ("status" in answer) return serveRefusal(job.response, job.dialect, answer);
  return serveReply(job, answer);
}

/** Sends a status code with an error body. */
export function serveRefusal(response: ServerResponse, dialect: ServedDialect, refusal: ServedRefusal): void {
  const body = refusal.body ?? dialect.refusal(refusal.status);
  const isText = typeof body === "string";
  const type = isText ? "text/plain" : "application/json";
  response.writeHead(refusal.status, { "content-type": type, ...refusal.headers });
  const words = isText ? body : JSON.stringify(body);
  if (refusal.unfinished === true) response.write(words);
  else response.end(words);
}

async function serveReply(job: AnswerJob, reply: ServedReply): Promise<void> {
  if (reply.latency !== undefined) await sleep(reply.latency);
  if (job.request.stream) await serveStream({ ...job, reply });
  else await serveWhole(job, reply);
}

async function serveWhole({ response, dialect, request }: AnswerJob, reply: ServedReply): Promise<void> {
  const { fault } = reply;
  if (fault?.kind === "drop") response.destroy();
  if (fault?.kind === "drop" || fault?.kind === "stall") return;
  const error = fault?.kind === "error" ? { error: fault.error } : undefined;
  const body = JSON.stringify(error ?? dialect.whole(reply, request.messages));
  response.writeHead(200, { "content-type": "application/json" });
  await writeInPieces(response, fault?.kind === "malformed" ? body.slice(0, -2) : body, reply.bytesPerWrite);
  response.end();
}
