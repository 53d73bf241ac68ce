import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { trainingExample } from "../from-trajectory.ts";
import { MemorySink } from "../testing/memory-sink.ts";
import { bakeryScript, bakeryTrajectory } from "../testing/trajectories.ts";
import { writeParquet } from "../write-parquet.ts";
import { conversationRow } from "./conversations.ts";
import { type AcceptedTrajectory, FORMATS } from "./format.ts";

const stored = {
  id: "p1",
  persona: "A baker.",
  script: { Goal: "as written" },
  trajectory: [{ turn: 0, role: "DM" }],
};
const accepted: AcceptedTrajectory = { stored, read: bakeryTrajectory };

describe("conversations", () => {
  it("has the published keys in the published order", () => {
    const row = FORMATS.conversations.row(accepted);
    const example = trainingExample("p1", bakeryTrajectory);
    expect(row).toEqual(conversationRow(example!));
    const text = JSON.stringify(row);
    expect(text.startsWith('{"id":"p1","conversations":[{"from":"human","loss":null,"value":"')).toBe(true);
    expect(text).toContain('{"from":"gpt","loss":false,"value":"Thought: I force it.\\nAction: open bin"}');
  });

  it("has no row for a trajectory without a judged player turn", () => {
    expect(FORMATS.conversations.row({ stored, read: { script: bakeryScript, turns: [] } })).toBeUndefined();
  });
});

describe("trajectories", () => {
  it("passes the wire forms through and leaves out the rest of a record", () => {
    const record = { outcome: "accepted", ...stored, calls: 2 };
    const row = FORMATS.trajectories.row({ stored: record, read: bakeryTrajectory });
    expect(JSON.stringify(row)).toBe(JSON.stringify(stored));
  });
});

describe("FORMATS", () => {
  it.each(Object.entries(FORMATS))(
    "%s has a Parquet schema exactly when it can be a Parquet file",
    async (_name, format) => {
      expect(format.table !== undefined).toBe(format.endings.includes(".parquet"));
      if (format.table === undefined) return;
      const sink = new MemorySink();
      const row = format.row(accepted)!;
      await writeParquet([row], format.table, sink);
      expect(await parquetReadObjects({ file: sink.bytes().buffer })).toEqual([row]);
    },
  );
});
