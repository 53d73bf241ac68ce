import { writeFileSync } from "node:fs";

// Loaded before a command (`node --import`): when the process ends it says what it took: memory at most, in MiB, and
// seconds of the processor.

process.on("exit", () => {
  const file = process.env.AGENTREFINE_BENCH_PEAK;
  if (file === undefined) return;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(file, JSON.stringify({ peak: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 }));
});
