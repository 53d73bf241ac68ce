import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const IN_MEMORY = "/dev/shm";
const ENOUGH = 2 * 1024 ** 3;

/** A file system in memory, where there is a roomy one: runs are synced to the disk with each reply, thousands of times. */
function folderForTests(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return process.env.TMPDIR === undefined && bavail * bsize >= ENOUGH ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Short files that take long, since they start processes or make whole runs. */
const HEAVY = /(?:killed|kill-loop|main|interruption|kubernetes|rounds|campaign|whole-evaluation)\.test\.ts$/;

/** Where nothing is known of earlier times, vitest takes the largest file first: a heavy one at the end leaves a core idle. */
class HeavyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isHeavy = ({ moduleId }: TestSpecification): boolean => HEAVY.test(moduleId);
    return [...sorted.filter(isHeavy), ...sorted.filter((file) => !isHeavy(file))];
  }
}

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "parity/**/*.test.ts"],
    pool: "threads",
    isolate: false,
    // Vitest leaves one core to itself; on two cores that would be half the machine.
    maxWorkers: "100%",
    sequence: { sequencer: HeavyFirst },
    testTimeout: 30_000,
    // What is stripped of its types is kept for the next time, which is a third of the time of a single room.
    experimental: { fsModuleCache: true },
    env: { TMPDIR: folderForTests() },
  },
});
