import type { IncomingMessage } from "node:http";

/** A parsed body, or what is wrong with it. */
export type JsonBody = Readonly<Record<string, unknown>> | { readonly problem: string };

/** No action comes near this. */
const LONGEST_BODY = 1024 * 1024;

/** Reads the JSON object of a request, with a byte order mark or without; an empty body is an empty object. */
export async function readJsonBody(incoming: IncomingMessage): Promise<JsonBody> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes: Uint8Array = chunk;
    length += bytes.length;
    if (length <= LONGEST_BODY) chunks.push(bytes);
  }
  if (length > LONGEST_BODY) return { problem: "the body is too long" };
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "problem"));
  } catch {
    return { problem: "the body is not valid JSON" };
  }
  return { problem: "the body is not a JSON object" };
}
