import { openAiDialect } from "../../src/model/testing/openai-dialect.ts";
import { serveAt } from "../support/child.ts";
import { serveLean } from "../support/lean-server.ts";
import { REPLY } from "./harness-load.ts";

/** Milliseconds after which it answers. */
const latency = Number(process.argv[2]);

const body = JSON.stringify(openAiDialect.whole({ text: REPLY }, []));
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);

await serveAt(
  await serveLean((socket) => {
    if (latency === 0) socket.write(answer);
    else setTimeout(() => socket.write(answer), latency);
  }),
);
