import { expect, test, vi } from "vitest";
import { SUITES } from "../environment/suites.ts";
import { chooseSuites } from "./choose-suites.ts";

const OPTIONS = { compat: "agentboard" } as const;

test("all are those for which nothing is missing; of the others it is told what brings them", async () => {
  const notes: string[] = [];
  const [first, second] = SUITES;
  const found = vi.spyOn(first!, "needs").mockResolvedValue([
    { need: "the jar", found: false, detail: "agentrefine data get jar" },
    { need: "labels", found: false, detail: "agentrefine data get labels", optional: true },
  ]);
  const other = vi
    .spyOn(second!, "needs")
    .mockResolvedValue([
      { need: "labels", found: false, detail: "agentrefine data get labels", optional: true },
    ]);
  try {
    const names = await chooseSuites(["all"], OPTIONS, (note) => notes.push(note));
    expect(names).toContain(second!.name);
    expect(names).not.toContain(first!.name);
    expect(notes).toContain(`${first!.name} is left out, for want of the jar (agentrefine data get jar)`);
  } finally {
    found.mockRestore();
    other.mockRestore();
  }
});

test("all of which none can be played is refused with what is missing", async () => {
  const spies = SUITES.map((suite) =>
    vi.spyOn(suite, "needs").mockResolvedValue([{ need: "a jar", found: false, detail: "get it" }]),
  );
  try {
    await expect(chooseSuites(["all"], OPTIONS, () => {})).rejects.toThrow(
      "is left out, for want of a jar (get it)",
    );
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});

test("held-out are App. A's suites, whatever is missing, and each suite is played once", async () => {
  const heldOut = SUITES.filter(({ paper }) => paper?.heldOut).map(({ name }) => name);
  expect(await chooseSuites(["pddl", "held-out"], OPTIONS, () => {})).toEqual([
    "pddl",
    ...heldOut.filter((name) => name !== "pddl"),
  ]);
});
