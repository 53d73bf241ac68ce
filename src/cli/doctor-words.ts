import { counted } from "./terminal/numbers.ts";

// What `doctor` says.

const GIBIBYTE = 2 ** 30;

export const doctorHelp = {
  doctor: {
    brief: "Look for what the commands may need",
    full: `Node alone is enough for all but training, and for the benchmark's own labels.
Says what else there is, what it is good for, and how to get what is missing.
Exit code 1 when something is broken; what is merely absent is no error.`,
    usage: [
      { input: "", brief: "Look around" },
      { input: "--python trl/bin/python --agentboard agentboard", brief: "Look there" },
    ],
  },
  python: "Python interpreter to look into [AGENTREFINE_PYTHON, else python3]",
  agentboard: "Folder with AgentBoard's labels and problems",
} as const;

/** What `doctor` says. */
export const doctorWords = {
  title: (version: string) => `agentrefine ${version}`,
  line: (found: string, neededBy: string) => `${found} (for ${neededBy})`,
  end: (broken: number): string =>
    broken === 0 ? "Nothing is broken; what is absent is optional." : `${broken} to be mended.`,
  node: {
    name: "Node",
    neededBy: "everything",
    tooOld: (version: string, oldest: string) => `${version} is older than ${oldest}`,
    fix: (oldest: string) => `Install Node ${oldest} or newer: https://nodejs.org`,
  },
  folder: {
    name: "this folder",
    neededBy: "everything",
    free: (bytes: number) => `can be written to, ${(bytes / GIBIBYTE).toFixed(1)} GiB free`,
    cannotWrite: (code: string) => `cannot be written to: ${code}`,
    fix: "Go to a folder of yours.",
  },
  keys: {
    name: "keys",
    neededBy: "hosted models",
    none: "none is set",
    fix: "Set OPENAI_API_KEY, ANTHROPIC_API_KEY or another one, here or in .env; a server of your own needs none. See docs/models.md.",
  },
  python: {
    name: "Python",
    torchName: "torch",
    neededBy: "train",
    withTorch: (torch: string, devices: number) =>
      `with torch ${torch}, ${devices === 0 ? "no graphics card" : counted(devices, "graphics card")}`,
    withBrokenTorch: (torch: string) => `with torch ${torch}, which is broken`,
    withoutTorch: "without torch",
  },
  engine: {
    neededBy: (engine: string) => `train --engine ${engine}`,
    missing: "not installed",
    unsupported: (version: string) => `${version} is not a supported version`,
    brokenTorch: (version: string) => `${version}, but torch is broken`,
  },
  agentboard: {
    name: "AgentBoard",
    neededBy: "numbers beside the paper's",
    notLookedFor: "not looked for",
    fix: "Give --agentboard DIR; docs/evaluation.md says where it is had.",
    notAll: (tasks: string) => `${tasks}, not those of the benchmark`,
    tasks: (count: number): string => counted(count, "task"),
  },
} as const;
