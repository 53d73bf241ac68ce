import type { Trajectory } from "../../trajectory/trajectory.ts";
import { trainingExample } from "../from-trajectory.ts";
import type { ParquetTable } from "../write-parquet.ts";
import { CONVERSATION_TABLE, conversationRow } from "./conversations.ts";
import { type TrajectoryRow, trajectoryRow } from "./trajectories.ts";

/** An accepted trajectory: as it is stored, in the wire form, and as it is read. */
export interface AcceptedTrajectory {
  readonly stored: TrajectoryRow;
  readonly read: Trajectory;
}

/** A kind of file, by the ending of its name. */
export type FileEnding = ".jsonl" | ".parquet";

/** A form in which accepted trajectories can be exported. */
export interface Format {
  /** What a row is, in words for the command line's help. */
  readonly makes: string;
  readonly endings: readonly FileEnding[];
  /** The schema of its Parquet files; given when `.parquet` is among the endings. */
  readonly table?: ParquetTable;
  /** The row of one trajectory; undefined when it has none. */
  row(accepted: AcceptedTrajectory): object | undefined;
}

/** The name of a format, as the user gives it. */
export type FormatName = "conversations" | "trajectories";

/** Every format. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  conversations: {
    makes: "{id, conversations: [{from, loss, value}]}, the schema of the published AgentRefine sets",
    endings: [".jsonl", ".parquet"],
    table: CONVERSATION_TABLE,
    row: ({ stored, read }) => {
      const example = trainingExample(stored.id, read);
      return example && conversationRow(example);
    },
  },
  trajectories: {
    makes: "{id, persona, script, trajectory}, the scripts and turns as the model wrote them",
    endings: [".jsonl"],
    row: ({ stored }) => trajectoryRow(stored),
  },
};
