import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openAiDialect } from "../../src/model/testing/openai-dialect.ts";
import { lighthouse } from "../../src/script/testing/examples.ts";
import { scriptToText } from "../../src/script/wire.ts";
import { serveAt } from "../support/child.ts";
import { longTrajectory } from "../support/long-trajectory.ts";

// Answers fixed bytes: a script, and a trajectory when the request has that script in it.

const latency = Number(process.argv[2]);
/** Characters of a trajectory, as the offline author's are. */
const TRAJECTORY = 10_000;

interface Answer {
  readonly whole: string;
  readonly streamed: string;
}

function answerOf(text: string): Answer {
  const pieces = text.match(/[\s\S]{1,20}/g) ?? [];
  const events = [
    ...pieces.map((content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ].map((event) => ({ id: "x", object: "chat.completion.chunk", created: 0, model: "served", ...event }));
  const whole = {
    id: "x",
    object: "chat.completion",
    created: 0,
    model: "served",
    ...JSON.parse(JSON.stringify(openAiDialect.whole({ text }, []))),
  };
  return {
    whole: JSON.stringify(whole),
    streamed: `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`,
  };
}

const answers = {
  script: answerOf(scriptToText(lighthouse)),
  trajectory: answerOf(longTrajectory(TRAJECTORY)),
};
const mark = JSON.stringify(lighthouse.goal).slice(1, -1);

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    const kind = body.includes(mark) ? "trajectory" : "script";
    const isStream = body.includes('"stream":true');
    setTimeout(() => {
      response.setHeader("content-type", isStream ? "text/event-stream" : "application/json");
      response.end(isStream ? answers[kind].streamed : answers[kind].whole);
    }, latency);
  });
});
await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, resolve));
await serveAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
