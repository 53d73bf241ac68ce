import { createServer, request as forward, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readBeginning, readText } from "./http.ts";
import { type OpenAiCompatibleOptions, openAiCompatibleModel } from "./openai.ts";

function bodyOf(pieces: readonly string[], end = true): PassThrough {
  const body = new PassThrough();
  for (const piece of pieces) body.write(piece);
  if (end) body.end();
  return body;
}

describe("readText", () => {
  test("reads a body up to the limit, counted in bytes", async () => {
    expect(await readText(bodyOf(["Grü", "ße"]), 7)).toEqual({ text: "Grüße", end: "end" });
    const long = bodyOf(["Grü", "ße"], false);
    expect((await readText(long, 6)).end).toBe("limit");
    expect(long.destroyed).toBe(true);
  });

  test("gives what came before the body broke, and why", async () => {
    const body = bodyOf(["a"], false);
    setImmediate(() => body.destroy(new Error("cut")));
    expect(await readText(body, 10)).toEqual({ text: "a", end: new Error("cut") });
    const closed = bodyOf(["a"], false);
    setImmediate(() => closed.destroy());
    expect((await readText(closed, 10)).end).toBeInstanceOf(Error);
  });
});

describe("readBeginning", () => {
  test("reads so many bytes and closes the body", async () => {
    const body = bodyOf(["abc", "def"], false);
    expect(await readBeginning(body, 4)).toBe("abcd");
    expect(body.destroyed).toBe(true);
  });

  test("gives what came before the body broke", async () => {
    const body = bodyOf(["abc"], false);
    setImmediate(() => body.destroy(new Error("cut")));
    expect(await readBeginning(body, 10)).toBe("abc");
  });
});

const REQUEST = { messages: [{ role: "user", content: "hi" }] } as const;
const CHUNKS = [
  'data: {"choices":[{"delta":{"content":"whole"}}]}\n\n',
  'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
  'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1}}\n\n',
];
const WHOLE = JSON.stringify({
  choices: [{ message: { content: "whole" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 1 },
});
const BOUGHT = { promptTokens: 9, completionTokens: 1, cachedTokens: 0, estimated: false };

describe("a connection", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  const listen = async (
    listener: RequestListener,
  ): Promise<{ readonly server: Server; readonly port: number }> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { server, port: (server.address() as AddressInfo).port };
  };
  const ask = async (answer: RequestListener, settings: Partial<OpenAiCompatibleOptions> = {}) => {
    const { port } = await listen(answer);
    return openAiCompatibleModel({ baseUrl: `http://127.0.0.1:${port}/v1`, model: "m", ...settings }).chat(
      REQUEST,
    );
  };

  test("that breaks or goes silent after the finish reason does not take the reply with it", async () => {
    const broken = await ask((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(CHUNKS.join(""), () => setTimeout(() => response.destroy(), 20));
    });
    expect(broken).toMatchObject({ text: "whole", finish: "stop", usage: BOUGHT });
    const silent = await ask(
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(CHUNKS.slice(0, 2).join(""));
      },
      { idleTimeout: 100 },
    );
    expect(silent).toMatchObject({ text: "whole", finish: "stop", usage: { estimated: true } });
  });

  test("that breaks behind a whole reply does not take it along", async () => {
    const reply = await ask(
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": WHOLE.length + 9 });
        response.write(WHOLE, () => setTimeout(() => response.destroy(), 20));
      },
      { stream: false },
    );
    expect(reply).toMatchObject({ text: "whole", usage: BOUGHT });
  });

  test.each([
    ": ping\n\n",
    "data: \n\n",
    "data: keepalive\n\n",
    'data: {"choices":[{"delta":{"content":""}}]}\n\n',
  ])("is not kept alive by %j", async (sign) => {
    const reply = ask(
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        const timer = setInterval(() => response.write(sign), 20);
        response.on("close", () => clearInterval(timer));
      },
      { idleTimeout: 150 },
    );
    await expect(reply).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("sent no text for 0.15 s ('timeout')"),
    });
  });

  test("is over when the reply's head comes after its time, and nothing more", async () => {
    const reply = ask(
      async (_request, response) => {
        await sleep(200);
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.flushHeaders();
      },
      { idleTimeout: 300 },
    );
    const called = expect(reply).rejects.toMatchObject({ code: "timeout" });
    // A busy process: the request is on the wire only when much of its time has gone.
    setImmediate(() => {
      const begin = performance.now();
      while (performance.now() < begin + 200);
    });
    await called;
  }, 5000);

  test("reasoning is a sign of life", async () => {
    const reply = await ask(
      async (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (let i = 0; i < 8; i += 1) {
          response.write('data: {"choices":[{"delta":{"reasoning_content":"hm "}}]}\n\n');
          await sleep(60);
        }
        response.end(CHUNKS.join(""));
      },
      { idleTimeout: 300 },
    );
    expect(reply).toMatchObject({ text: "whole", reasoning: "hm ".repeat(8) });
  });

  test("asks for plain bodies and reads those that come compressed all the same", async () => {
    let asked: unknown;
    for (const [encoding, compress] of [
      ["gzip", gzipSync],
      ["BR", brotliCompressSync],
    ] as const) {
      const stream = await ask((request, response) => {
        asked = request.headers["accept-encoding"];
        response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": encoding });
        response.end(compress(CHUNKS.join("")));
      });
      expect(stream).toMatchObject({ text: "whole", usage: BOUGHT });
      expect(asked).toBe("identity");
      const refusal = ask((_request, response) => {
        response.writeHead(400, { "content-encoding": encoding });
        response.end(compress('{"error":{"message":"too bad"}}'));
      });
      await expect(refusal).rejects.toThrow("too bad");
    }
    const unknown = ask((_request, response) => {
      response.writeHead(200, { "content-encoding": "lzma" }).end("?");
    });
    await expect(unknown).rejects.toMatchObject({
      code: "bad-reply",
      message: expect.stringContaining("lzma"),
    });
  });

  test("may name its media type in capitals and begin a body with a byte order mark", async () => {
    const whole = await ask((_request, response) => {
      response.writeHead(200, { "content-type": "Application/JSON" }).end(`\uFEFF${WHOLE}`);
    });
    expect(whole.text).toBe("whole");
    const stream = await ask(
      (_request, response) => {
        response.writeHead(200, { "content-type": "Text/Event-Stream" }).end(`\uFEFF${CHUNKS.join("")}`);
      },
      { stream: false },
    );
    expect(stream.text).toBe("whole");
  });

  test("goes through the proxy of the environment, unless NO_PROXY names the host", async () => {
    const seen: string[] = [];
    const { port } = await listen((request, response) => {
      seen.push(String(request.url));
      const onward = forward(String(request.url), { method: "POST", headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    vi.stubEnv("HTTP_PROXY", `http://127.0.0.1:${port}`);
    vi.stubEnv("NO_PROXY", "");
    const answer: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(WHOLE);
    };
    expect((await ask(answer)).text).toBe("whole");
    expect(seen).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*chat\/completions$/)]);
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    expect((await ask(answer)).text).toBe("whole");
    expect(seen).toHaveLength(1);
  });

  test("that is answered with nothing but empty events and the reply brings the reply", async () => {
    const reply = await ask((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`event: keepalive\ndata: keepalive\n\ndata:\n\n${CHUNKS.join("")}data: [DONE] \n\n`);
    });
    expect(reply).toMatchObject({ text: "whole", usage: BOUGHT });
  });
});
