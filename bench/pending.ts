import type { PendingPersona } from "../src/synthesis/live.ts";
import { personas } from "./personas.ts";

/** So many personas as a new run has them: nothing has been bought for any of them. */
export async function* pending(count: number): AsyncGenerator<PendingPersona> {
  let index = 0;
  for await (const persona of personas(count)) {
    yield { index, persona, replies: new Map() };
    index += 1;
  }
}
