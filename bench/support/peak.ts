import { writeFileSync } from "node:fs";

// Loaded before a command (`node --import`): when the process ends it says how much memory it held at most, in MiB.

process.on("exit", () => {
  const file = process.env.AGENTREFINE_BENCH_PEAK;
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
});
