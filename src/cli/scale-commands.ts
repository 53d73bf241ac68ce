import { mergeFlags, noFlags, personasFlags, statusFlags } from "../config/flags.ts";
import { declareCommand, RUN } from "./command.ts";

// The commands for runs that are large, or shared by many machines.

export const merge = declareCommand(
  {
    brief: "Put the shards of a run together",
    full: `Writes one run of those that generate --shard has made, in any order, sorted as one run without shards would be: equal replies give equal files. Refused are runs of other settings, a shard twice, one that is missing or has not ended, and a folder that is there, unless it is this merge already. Nothing in the runs is changed, and the folder appears when it is complete.

Exit code 3 when shards are missing or personas have not ended; 2 when the runs do not belong together.`,
    args: [
      { name: "OUT", help: "Folder to write" },
      { name: "RUN", help: "Folder of a run that is a shard, or a merge of some", repeat: true },
    ],
    examples: {
      "runs/all runs/shard-*": "All shards",
      "runs/some runs/shard-* --allow-missing": "What there is by now",
    },
    page: "runs.md",
    flags: mergeFlags,
  },
  async () => (await import("./merge/run.ts")).runMerge,
);

export const runs = declareCommand(
  {
    brief: "Pack the journals of runs to a fraction of their size",
    full: `runs pack compresses the journals of runs that nobody drives; every command reads them as before, and zcat too. runs unpack makes them plain again.

A kill at any moment loses nothing. A packed run can be resumed: what is then bought is kept beside what is packed, and pack again packs that too.`,
    args: [
      { name: "ACTION", help: "pack or unpack" },
      { ...RUN, repeat: true },
    ],
    examples: { "pack runs/first runs/gpt-4o": "When they are finished" },
    page: "scale.md",
    flags: noFlags,
  },
  async () => (await import("./runs/run.ts")).runRuns,
);

export const personas = declareCommand(
  {
    brief: "Select personas once, for many shards",
    full: "personas select writes those personas of a source that generate would take with the same flags, so that what takes memory or time (near-duplicates, a sample of a long list) is done once before and not by every shard. generate with that file makes the same run without these flags.",
    args: [
      { name: "ACTION", help: "select" },
      {
        name: "SOURCE",
        help: "File with personas, or - for the standard input; the personas that come with agentrefine when left out",
        optional: true,
      },
    ],
    examples: {
      "select personas.jsonl.gz --near-duplicates 0.9 --sample 64000 --out selected.jsonl":
        "A sample of different ones",
    },
    page: "runs.md",
    flags: personasFlags,
  },
  async () => (await import("./personas/run.ts")).runPersonas,
);

export const status = declareCommand(
  {
    brief: "Tell how far runs are",
    full: "A line for each run, and for all together: personas that have ended, how, calls, what they have cost and will cost, and which process works on it now. Exit code 0 when all have ended, 3 when something is left, or when one is damaged, 2 when a folder is no run.",
    args: [{ ...RUN, repeat: true }],
    examples: { "runs/shard-*": "All shards", "runs/shard-* --json": "For a script" },
    page: "runs.md",
    flags: statusFlags,
  },
  async () => (await import("./status/run.ts")).runStatuses,
);
