import type { Socket } from "node:net";
import { openAiDialect } from "../../src/model/testing/openai-dialect.ts";
import { serveAt } from "../support/child.ts";
import { serveLean } from "../support/lean-server.ts";
import { longTrajectory } from "../support/long-trajectory.ts";
import { DELTA_LENGTH, DELTAS_A_WRITE, PAUSE, REPLY_LENGTH } from "./stream-pace.ts";

/** One chunk of a chunked body. */
function chunkOf(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** All that is written for one reply, made once: a server that serialised a thousand events for each of 512
 * streams would take the machine away from the client that is measured. */
function replyWrites(text: string): readonly Buffer[] {
  const reply = { text };
  const deltas: string[] = [];
  for (let at = 0; at < text.length; at += DELTA_LENGTH) {
    deltas.push(openAiDialect.text(text.slice(at, at + DELTA_LENGTH)));
  }
  const writes: string[] = [];
  for (let at = 0; at < deltas.length; at += DELTAS_A_WRITE) {
    writes.push(chunkOf(deltas.slice(at, at + DELTAS_A_WRITE).join("")));
  }
  const head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";
  const end = openAiDialect.end(reply, [], { stream_options: { include_usage: true } });
  return [head + chunkOf(openAiDialect.start(reply, [])), ...writes, `${chunkOf(end)}0\r\n\r\n`].map(
    (write) => Buffer.from(write),
  );
}

const writes = replyWrites(longTrajectory(REPLY_LENGTH));
/** The streams that run, with how many writes each has had. */
const running = new Map<Socket, number>();

setInterval(() => {
  for (const [socket, written] of running) {
    const next = writes[written];
    if (next === undefined || socket.destroyed) {
      running.delete(socket);
      continue;
    }
    running.set(socket, written + 1);
    socket.write(next);
  }
}, PAUSE);

await serveAt(await serveLean((socket) => running.set(socket, 0)));
