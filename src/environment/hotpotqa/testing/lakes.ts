import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fetchedFolder } from "../../../data/testing/fetched.ts";
import type { ServedRequest } from "../../../model/testing/served-answer.ts";
import { article } from "./wiki-server.ts";

// Questions about lakes that there are not.

/** Writes as many rows of questions into a cache, as `agentrefine data get hotpotqa` does; the third row is damaged. */
export async function writeLakes(home: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_value, row) =>
    row === 2
      ? { question: "What?" }
      : {
          question: `How deep is Lake Nr${row}?`,
          answer: `${row}0 metres`,
          type: row % 2 ? "bridge" : "comparison",
        },
  );
  const folder = await fetchedFolder(home, "hotpotqa");
  await writeFile(join(folder, "hotpot_dev_v1_simplified.json"), JSON.stringify(rows));
}

/** Searches for the lake, looks its depth up, and answers; gets Lake Nr5 wrong in part. */
export function lakePlayer({ messages }: ServedRequest): string {
  const lake = /Question: How deep is (Lake Nr\d+)/.exec(messages[0]?.content ?? "")?.[1] ?? "";
  const last = messages.at(-1)?.content ?? "";
  const found = /is (\d+ metres) deep/.exec(last)?.[1];
  if (found !== undefined)
    return `Thought: There.\nAction: finish[${lake.endsWith("Nr5") ? "5 metres" : found}]`;
  return messages.length === 1
    ? `Thought: Which lake?\nAction: Search[${lake}]`
    : "Thought: Not there yet.\nAction: lookup[deep]";
}

/** The page that a search for a lake finds. */
export function lakePage(address: string): string {
  const lake = /Lake\+Nr(\d+)/.exec(address)?.[1];
  return article(
    `Lake Nr${lake} is a lake. It is cold. It is wide. It is old. It has fish. It is ${lake}0 metres deep`,
  );
}
