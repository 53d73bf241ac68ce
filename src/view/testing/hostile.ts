import { appendFile, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChatModel } from "../../model/chat-model.ts";

/** Markup that sets a global and opens a dialog where it is taken for markup. */
export const MARKUP = `<script>window.bad = 1</script><img src=x onerror="window.bad = 1;alert(1)">"'&`;
const HIDDEN = "right\u202eleft \u001b[31mred \u0000 zero\u200bwidth";
export const HOSTILE_TEXT = `${MARKUP} ${HIDDEN}`;

/** The name of a folder that holds markup. */
export const HOSTILE_RUN = `run ${MARKUP.slice(0, 8)}`;

/** The ids of a hostile run's trajectories: of some turns, one of them of a megabyte, and of 10,001 turns. */
export const HOSTILE_IDS = ["abad1dea00000900", "abad1dea00000901"] as const;

/** A trajectory whose every text is hostile, with many turns and a very long one. */
function hostileRecord(index: number, turns: number, longTurn: number): object {
  const trajectory = Array.from({ length: turns }, (_turn, number) =>
    number % 2 === 1
      ? { turn: number, role: "Player", Thought: MARKUP, Action: "go <b>north</b>" }
      : {
          turn: number,
          role: "DM",
          Thought: MARKUP,
          Observation: number === 2 ? "long ".repeat(longTurn / 5) : MARKUP,
          parameter_error: number % 4 === 0 && number > 0,
          place_error: false,
          logic_error: false,
          progress_rate: 0.5,
          finished: false,
        },
  );
  const script = {
    Thought: MARKUP,
    Environment: {
      "initial state": MARKUP,
      "places and objects": { [MARKUP]: { information: MARKUP, __proto__: MARKUP } },
      player: { information: MARKUP },
    },
    Goal: MARKUP,
    "Completion Conditions": [MARKUP],
    "Available Actions": { [MARKUP]: { "verification code": "(a+)+$", parameters: {} } },
  };
  return {
    index,
    id: `abad1dea${String(index).padStart(8, "0")}`,
    persona: HOSTILE_TEXT,
    outcome: "rejected",
    calls: 1,
    faults: [{ code: "unmatched-action", turn: 1, action: HOSTILE_TEXT }],
    script,
    trajectory,
  };
}

/** A copy of a run with a damaged line and the trajectories of {@link HOSTILE_IDS} behind them. */
export async function writeHostileRun(run: string, copy: string): Promise<void> {
  await cp(run, copy, { recursive: true });
  const records = [hostileRecord(900, 41, 1_000_000), hostileRecord(901, 10_001, 7_500)];
  const lines = records.map((record) => `${JSON.stringify(record)}\n`);
  await appendFile(join(copy, "syntheses.jsonl"), `not json\n${lines.join("")}`);
}

/** A file of conversations with one hostile row, one with a valid answer of a megabyte, and a damaged one. */
export async function writeHostileRows(path: string): Promise<void> {
  const conversations = [
    { from: "human", value: MARKUP },
    { from: "gpt", value: HIDDEN },
  ];
  const long = `Thought: ${"long ".repeat(200_000)}${MARKUP}\nAction: look`;
  const large = { id: "large", conversations: [conversations[0], { from: "gpt", value: long }] };
  const rows = [{ id: MARKUP, conversations }, large].map((row) => `${JSON.stringify(row)}\n`);
  await writeFile(path, `${rows.join("")}{"broken\n`);
}

/** Replies that are in turn good, malformed, repeated, irregular and not understood, with hostile words among them. */
export function oddPlayer(): ChatModel {
  const replies = [
    `Thought: ${HOSTILE_TEXT}\nAction: check valid actions`,
    "I would rather not say.",
    "Thought: again\nAction: check valid actions",
    "Thought: again\nAction: check valid actions",
    "Action: look\nAction: look",
    `Thought: I fly.\nAction: fly to ${HOSTILE_TEXT}`,
  ];
  const usage = { promptTokens: 900, completionTokens: 40, cachedTokens: 600, estimated: false };
  let calls = 0;
  return {
    name: "odd-7b",
    chat: async () => ({ text: replies[calls++ % replies.length] ?? "", finish: "stop", usage }),
  };
}
