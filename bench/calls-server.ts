import { openAiDialect } from "../src/model/testing/openai-dialect.ts";
import { LATENCY, REPLY_LENGTH } from "./calls-load.ts";
import { serveAt } from "./child.ts";
import { serveLean } from "./lean-server.ts";
import { longTrajectory } from "./long-trajectory.ts";

const body = JSON.stringify(openAiDialect.whole({ text: longTrajectory(REPLY_LENGTH) }, []));
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);

await serveAt(
  await serveLean((socket) => {
    setTimeout(() => socket.write(answer), LATENCY);
  }),
);
