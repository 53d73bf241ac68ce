import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";
import type { ReadOn } from "./call.ts";
import { ChatError } from "./chat-error.ts";

/** How long a connection may stay open after the protocol's end, in milliseconds, to be used again. */
const DRAIN_TIME = 250;

/**
 * Feeds `onData` with the data of each server-sent event of `body`, synchronously as bytes arrive, and
 * resolves when the body is closed. Rejects with what `onData` throws, with the body's own error, or with a
 * `bad-reply` when one event is longer than `limit` characters.
 *
 * Listeners are used rather than `for await`, which costs a promise for each of a thousand chunks.
 */
export function readEvents(body: Readable, limit: number, onData: (data: string) => ReadOn): Promise<void> {
  return new Promise((resolve, reject) => {
    let state: ReadOn = "on";
    let failure: unknown;
    let drain: NodeJS.Timeout | undefined;
    const stop = (error?: unknown): void => {
      state = "stop";
      failure ??= error;
      body.destroy();
    };
    const parser = createParser({
      maxBufferSize: limit,
      onEvent: ({ data }) => {
        if (state !== "on") return;
        state = onData(data);
      },
      onError: ({ type }) => {
        if (type !== "max-buffer-size-exceeded") return;
        throw new ChatError("bad-reply", `an event of the stream is longer than ${limit} characters`);
      },
    });
    const decoder = new StringDecoder("utf8");
    let isBeginning = true;
    const feed = (text: string): void => {
      try {
        parser.feed(isBeginning ? text.replace(/^\uFEFF/, "") : text);
        if (text !== "") isBeginning = false;
      } catch (error) {
        stop(error ?? new Error("the reader threw nothing"));
      }
    };
    const current = (): ReadOn => state;
    body.on("data", (chunk: Buffer) => {
      if (state !== "on") return;
      feed(decoder.write(chunk));
      if (current() === "stop") body.destroy();
      if (current() === "finished") drain = setTimeout(() => body.destroy(), DRAIN_TIME);
    });
    // Some servers leave out the empty line after the last event.
    body.on("end", () => {
      if (state === "on") feed("\n\n");
    });
    body.on("error", (error) => {
      // Closing a body that has not ended makes an error of its own, which says nothing new.
      if (state === "on") failure ??= error;
    });
    body.on("close", () => {
      clearTimeout(drain);
      if (failure === undefined) resolve();
      else reject(failure);
    });
  });
}
