import { readChatRow } from "../dataset/read-chat-row.ts";
import { isFields, ownValue } from "../model/call.ts";
import { scriptFromWire } from "../script/wire.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { chatDialogue, type ShownTurn, trajectoryDialogue } from "./dialogue.ts";
import { type ShownScript, shownScript } from "./read-script.ts";

/** A row of a data file, read for showing; or why there is nothing to show. */
export type DataRow =
  | {
      readonly id: string;
      readonly turns: readonly ShownTurn[];
      readonly persona?: string;
      readonly script?: ShownScript;
      readonly problem?: undefined;
    }
  | { readonly problem: string };

function trajectoryRow(row: unknown, id: string): DataRow {
  const wire = ownValue(row, "trajectory");
  if (!Array.isArray(wire)) return { problem: "has a script and no trajectory" };
  const read = wire.map((turn, number) => turnFromWire(turn, number));
  const bad = read.findIndex(({ turn }) => turn === undefined);
  if (bad >= 0) return { problem: `has a turn ${bad} that cannot be read: ${read[bad]?.problem}` };
  const turns = read.flatMap(({ turn }) => turn ?? []);
  const persona = ownValue(row, "persona");
  const script = scriptFromWire(ownValue(row, "script"));
  return {
    id,
    turns: trajectoryDialogue(turns),
    ...(typeof persona === "string" ? { persona } : {}),
    ...("goal" in script ? { script: shownScript(script, turns) } : {}),
  };
}

/** Reads a row of any form that `export` writes as text or `mix` reads. */
export function dataRow(value: unknown, place: number): DataRow {
  const fallback = `row ${place + 1}`;
  if (isFields(value) && Object.hasOwn(value, "trajectory")) {
    const given = ownValue(value, "id");
    return trajectoryRow(value, typeof given === "string" ? given : fallback);
  }
  const read = readChatRow(value, fallback);
  if (read.example === undefined) return { problem: read.problem };
  return { id: read.example.id, turns: chatDialogue(read.example.messages) };
}
