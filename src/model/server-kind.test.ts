import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { ReplySchema } from "./chat-model.ts";
import { findServerKind } from "./look-at-server.ts";
import { boundFields, SERVER_KINDS } from "./server-limits.ts";

const SCHEMA: ReplySchema = {
  name: "turns",
  strict: true,
  schema: { type: "object" },
  grammar: "root ::= [ab]",
};

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

async function serving(body: string): Promise<string> {
  server = createServer((request, response) => {
    if (request.url !== "/v1/models?a=b" || request.headers.authorization !== "Bearer k")
      response.writeHead(404);
    response.end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1?a=b`;
}

describe("a reply that is to be bound", () => {
  test("is asked for as each kind of server takes it", () => {
    const asked = SERVER_KINDS.map((kind) => boundFields(SCHEMA, kind));
    expect(asked).toEqual([
      { structured_outputs: { grammar: SCHEMA.grammar } },
      { ebnf: SCHEMA.grammar },
      { grammar: SCHEMA.grammar },
      {
        response_format: {
          type: "json_schema",
          json_schema: { name: "turns", schema: SCHEMA.schema, strict: true },
        },
      },
    ]);
  });

  test("goes as a schema where there is no grammar of it", () => {
    const { grammar: _none, ...schema } = SCHEMA;
    expect(boundFields(schema, "vllm")).toHaveProperty("response_format");
    expect(boundFields(undefined, "vllm")).toEqual({});
  });
});

describe("the kind of a server", () => {
  const headers = { authorization: "Bearer k" };

  test.each([
    ["vllm", "vllm"],
    ["sglang", "sglang"],
    ["llamacpp", "llama.cpp"],
    ["library", "other"],
  ])("whose models belong to %s is %s", async (owner, kind) => {
    const url = await serving(JSON.stringify({ data: [{ id: "m", owned_by: owner }] }));
    expect(await findServerKind(url, headers)).toBe(kind);
  });

  test.each(["", "[]", '{"data":7}', '{"data":[null,{"owned_by":{}}]}'])(
    "that says %j is any other",
    async (body) => {
      expect(await findServerKind(await serving(body), headers)).toBe("other");
    },
  );

  test("that is not there is any other, and one that binds nothing is refused", async () => {
    expect(await findServerKind("http://127.0.0.1:9/v1", {})).toBe("other");
    await expect(findServerKind("https://api.deepseek.com/v1", {})).rejects.toThrow(
      "api.deepseek.com keeps to no",
    );
  });
});
