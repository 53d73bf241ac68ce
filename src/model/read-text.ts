import type { Readable } from "node:stream";

/**
 * A body as text, or undefined when it is longer than `limit` bytes; the connection is then closed. Listeners
 * are used rather than `for await`, which costs more than all else in a short call.
 */
export function readText(body: Readable, limit: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    body.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) body.destroy();
      else chunks.push(chunk);
    });
    body.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    body.on("error", (error) => (length > limit ? resolve(undefined) : reject(error)));
    // Only a body that was closed before its end has not settled the promise by now.
    body.on("close", () => (length > limit ? resolve(undefined) : reject(new Error("the body was closed"))));
  });
}

/** The beginning of a body, at most `limit` bytes; for the words of a failure, however long they are. */
export async function readBeginning(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
  } catch {
    // The status is known already; words that were cut off are better than none.
  }
  return Buffer.concat(chunks).toString("utf8", 0, Math.min(length, limit));
}
