import type { Trajectory } from "../../trajectory/trajectory.ts";
import { trainingExample } from "../from-trajectory.ts";
import type { ParquetTable } from "../write-parquet.ts";
import { EXAMPLE_FORMATS, type ExampleFormat, type ExampleFormatName } from "./example-format.ts";
import type { FileEnding } from "./file-ending.ts";
import { type TrajectoryRow, trajectoryRow } from "./trajectories.ts";

export type { FileEnding } from "./file-ending.ts";

/** An accepted trajectory: as it is stored, in the wire form, and as it is read. */
export interface AcceptedTrajectory {
  readonly stored: TrajectoryRow;
  readonly read: Trajectory;
}

/** A form in which accepted trajectories can be exported, one row for each. */
export interface Format {
  /** What a row is, in words for the command line's help. */
  readonly makes: string;
  readonly endings: readonly FileEnding[];
  /** The schema of its Parquet files; given when `.parquet` is among the endings. */
  readonly table?: ParquetTable;
  /** The row of one trajectory; undefined when it has none. */
  row(accepted: AcceptedTrajectory): object | undefined;
}

/** The name of a format with one row for each trajectory, as the user gives it. */
export type FormatName = Exclude<ExampleFormatName, "prefix" | "prompt-completion"> | "trajectories";

function ofTrajectories({ rows, ...format }: ExampleFormat): Format {
  return {
    ...format,
    row: ({ stored, read }) => {
      const example = trainingExample(stored.id, read);
      return example && rows(example)[0];
    },
  };
}

/** Every format that has one row for each trajectory; what trains, mixes and cuts works on {@link EXAMPLE_FORMATS}. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  conversations: ofTrajectories(EXAMPLE_FORMATS.conversations),
  messages: ofTrajectories(EXAMPLE_FORMATS.messages),
  openai: ofTrajectories(EXAMPLE_FORMATS.openai),
  together: ofTrajectories(EXAMPLE_FORMATS.together),
  "llamafactory-v1": ofTrajectories(EXAMPLE_FORMATS["llamafactory-v1"]),
  trajectories: {
    makes: "{id, persona, script, trajectory}, the scripts and turns as the model wrote them",
    endings: [".jsonl"],
    row: ({ stored }) => trajectoryRow(stored),
  },
};
