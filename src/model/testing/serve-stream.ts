import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServedReply, ServedRequest } from "./served-answer.ts";
import type { ServedDialect } from "./served-dialect.ts";

/** A stream to send. */
interface StreamJob {
  readonly response: ServerResponse;
  readonly dialect: ServedDialect;
  readonly request: ServedRequest;
  readonly reply: ServedReply;
  /** Called with the number of deltas written so far. */
  readonly progress: (deltas: number) => void;
}

function cut(text: string, length: number): string[] {
  const characters: string[] = [];
  for (let i = 0; i < text.length; i += length) characters.push(text.slice(i, i + length));
  return characters;
}

function closed(response: ServerResponse): boolean {
  return response.destroyed || response.socket?.destroyed === true;
}

/** Resolves when the client has read enough or has gone. */
function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (closed(response)) return resolve();
    const go = (): void => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}

/** Writes a text, in pieces of so many bytes when given, and waits until the client has read enough. */
export async function writeInPieces(
  response: ServerResponse,
  text: string,
  bytesPerWrite?: number,
): Promise<void> {
  if (bytesPerWrite === undefined) {
    if (!response.write(text)) await writable(response);
    return;
  }
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length && !closed(response); i += bytesPerWrite) {
    response.write(bytes.subarray(i, i + bytesPerWrite));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Ends the stream as the fault says; true when the stream is over. */
async function breakStream(job: StreamJob): Promise<boolean> {
  const { response, dialect, reply } = job;
  switch (reply.fault?.kind) {
    case "drop":
      // What was written has to reach the client before the connection is cut.
      await sleep(5);
      response.destroy();
      return true;
    case "stall":
      return true;
    case "malformed":
      await writeInPieces(response, dialect.malformed);
      return false;
    case "error":
      response.end(dialect.errorEvent(reply.fault.error ?? {}));
      return true;
    case "no-end":
      response.end();
      return true;
    default:
      return false;
  }
}

function eventsOf(dialect: ServedDialect, reply: ServedReply): string[] {
  const length = reply.deltaLength ?? 20;
  const reasoning = cut(reply.reasoning ?? "", length).map((delta) => dialect.reasoning(delta));
  return [...reasoning, ...cut(reply.text, length).map((delta) => dialect.text(delta))];
}

/** Streams a reply as server-sent events, with its pace and its fault. */
export async function serveStream(job: StreamJob): Promise<void> {
  const { response, dialect, request, reply } = job;
  const events = eventsOf(dialect, reply);
  const burst = reply.burst ?? 10;
  const isEndless = reply.fault?.kind === "endless";
  const breaksAt = isEndless ? undefined : reply.fault?.after;
  const last = Math.min(events.length, breaksAt ?? events.length);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  await writeInPieces(response, dialect.start(reply, request.messages), reply.bytesPerWrite);
  for (let i = 0; i < last && !closed(response); i += burst) {
    if (i > 0 && reply.pause !== undefined) await sleep(reply.pause);
    const end = Math.min(i + burst, last);
    await writeInPieces(response, events.slice(i, end).join(""), reply.bytesPerWrite);
    job.progress(end);
  }
  if (closed(response)) return;
  if (breaksAt !== undefined && (await breakStream(job))) return;
  await writeInPieces(response, dialect.end(reply, request.messages, request.body), reply.bytesPerWrite);
  if (!isEndless) response.end();
}
