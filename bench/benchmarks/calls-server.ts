import { openAiDialect } from "../../src/model/testing/openai-dialect.ts";
import { serveAt } from "../support/child.ts";
import { serveLean } from "../support/lean-server.ts";
import { longTrajectory } from "../support/long-trajectory.ts";
import { LATENCY, REPLY_LENGTH } from "./calls-load.ts";

const body = JSON.stringify(openAiDialect.whole({ text: longTrajectory(REPLY_LENGTH) }, []));
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);

await serveAt(
  await serveLean((socket) => {
    setTimeout(() => socket.write(answer), LATENCY);
  }),
);
