// A loopback server of OpenAI's protocol that answers as a checkout's offline author does, without its faults.
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** How often each letter is in a text: what an embedding model says, as far as a trial needs it. */
function vectorOf(text) {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  return letters.map((letter) => text.toLowerCase().split(letter).length);
}

/**
 * Serves the author of a built checkout. A prompt that is none of the author's is answered with `otherwise`, or fails
 * where there is none.
 */
export async function serveAuthor(checkout, { seed, usage, otherwise }) {
  const { offlineModel, DEFAULT_FAULT_RATES } = await import(pathToFileURL(join(checkout, "dist/index.js")));
  const faultRates = Object.fromEntries(Object.keys(DEFAULT_FAULT_RATES).map((name) => [name, 0]));
  const author = offlineModel({ seed, faultRates, stream: false });
  const textFor = async (messages) => {
    try {
      return (await author.chat({ messages })).text;
    } catch (error) {
      if (otherwise === undefined) throw error;
      return otherwise;
    }
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const { messages = [], stream, input = [] } = JSON.parse(body === "" ? "{}" : body);
    if (request.url?.endsWith("/embeddings")) {
      response.writeHead(200, { "content-type": "application/json" });
      const data = input.map((of, index) => ({ index, embedding: vectorOf(of) }));
      response.end(JSON.stringify({ data, usage: { prompt_tokens: 0, total_tokens: 0 } }));
      return;
    }
    const text = await textFor(messages);
    if (stream !== true) {
      response.writeHead(200, { "content-type": "application/json" });
      const message = { role: "assistant", content: text };
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }], usage }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (event) => response.write(`data: ${JSON.stringify(event)}\n\n`);
    for (const content of text.match(/[\s\S]{1,400}/g) ?? []) {
      send({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    send({ choices: [], usage });
    response.end("data: [DONE]\n\n");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, close: () => server.close() };
}
