import { join } from "node:path";
import * as z from "zod";
import { openJournal } from "../runs/journal.ts";
import { readJournal } from "../runs/read-journal.ts";

// Episodes that had not ended when an evaluation stopped are played again, but what they had bought is paid for and
// counts against the cost limit. A process that is killed cannot note it.

const lineSchema = z.object({ cost: z.number().nonnegative() });

/** Sums are of dollars in binary fractions; less than this is no money. */
const NOTHING = 1e-9;

function pathOf(directory: string): string {
  return join(directory, "abandoned.jsonl");
}

/** Dollars that earlier parts of an evaluation have spent on episodes that were not kept. */
export async function readAbandonedCost(directory: string): Promise<number> {
  let sum = 0;
  for await (const record of readJournal(pathOf(directory))) {
    const parsed = lineSchema.safeParse(record);
    if (parsed.success) sum += parsed.data.cost;
  }
  return sum;
}

/** Notes dollars that were spent on episodes that were not kept; nothing when there are none. */
export async function keepAbandonedCost(directory: string, cost: number): Promise<void> {
  if (cost < NOTHING) return;
  const journal = await openJournal(pathOf(directory), { sync: true });
  try {
    await journal.append({ cost });
  } finally {
    await journal.close();
  }
}
