import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "parity/**/*.test.ts"],
    pool: "threads",
    isolate: false,
    // Vitest leaves one core to itself; on two cores that would be half the machine.
    maxWorkers: "100%",
    testTimeout: 30_000,
  },
});
