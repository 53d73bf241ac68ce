import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** Milliseconds between two looks, where a look is cheap. */
const INTERVAL = 1000;
/** After so many looks without a change a sign of life is sent, so that a connection that is gone is noticed. */
const QUIET_LOOKS = 15;

/**
 * Answers with a stream that tells a page whenever what it shows has changed: an event for each new value of
 * `version`. The page asks for itself again then.
 */
export function changesOf(context: Context, version: () => Promise<string>, interval = INTERVAL): Response {
  return streamSSE(context, async (stream) => {
    let last = await version();
    let quiet = 0;
    await stream.writeSSE({ event: "ready", data: last });
    while (!stream.aborted && !stream.closed) {
      await stream.sleep(interval);
      const now = await version();
      if (now !== last) await stream.writeSSE({ event: "changed", data: now });
      else if (quiet > QUIET_LOOKS) await stream.writeSSE({ event: "quiet", data: now });
      quiet = now !== last || quiet > QUIET_LOOKS ? 0 : quiet + 1;
      last = now;
    }
  });
}
