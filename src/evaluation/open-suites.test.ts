import { tmpdir } from "node:os";
import { expect, test, vi } from "vitest";
import type { SuiteDefinition } from "../environment/suite.ts";
import { SUITES } from "../environment/suites.ts";
import { AgentRefineError } from "../errors.ts";
import { chooseSuites, openSuites } from "./open-suites.ts";

const OPTIONS = { compat: "agentboard" } as const;
const NO_NOTES = { onNote: () => {}, isPaid: false };

test("all are those for which nothing is missing; of the others it is told what brings them", async () => {
  const notes: string[] = [];
  const [first, second] = SUITES;
  const found = vi.spyOn(first!, "needs").mockResolvedValue([
    { need: "the jar", found: false, detail: "…", data: "scienceworld" },
    { need: "Java", found: false, detail: "…", data: "java" },
    { need: "labels", found: false, detail: "…", data: "agentboard", optional: true },
  ]);
  const other = vi
    .spyOn(second!, "needs")
    .mockResolvedValue([{ need: "labels", found: false, detail: "…", data: "agentboard", optional: true }]);
  try {
    const names = await chooseSuites(["all"], OPTIONS, { ...NO_NOTES, onNote: (note) => notes.push(note) });
    expect(names).toContain(second!.name);
    expect(names).not.toContain(first!.name);
    // In one line, with one command for all that is missing.
    expect(notes).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Left out, for want of what they need: ${first!.name} \\(the jar; Java\\).*Run \`agentrefine data get scienceworld java[^\`]*\`\\.`,
        ),
      ),
    ]);
  } finally {
    found.mockRestore();
    other.mockRestore();
  }
});

test("all of which none can be played is refused with what is missing", async () => {
  const spies = SUITES.map((suite) =>
    vi.spyOn(suite, "needs").mockResolvedValue([{ need: "a jar", found: false, detail: "make it" }]),
  );
  try {
    await expect(chooseSuites(["all"], OPTIONS, NO_NOTES)).rejects.toMatchObject({
      message: expect.stringMatching(/^no suite can be played: alfworld \(a jar\), /),
      fix: expect.stringContaining("For alfworld, a jar: make it."),
    });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});

test("held-out are App. A's suites, whatever is missing, and each suite is played once", async () => {
  const heldOut = SUITES.filter(({ paper }) => paper?.heldOut).map(({ name }) => name);
  expect(await chooseSuites(["pddl", "held-out"], OPTIONS, NO_NOTES)).toEqual([
    "pddl",
    ...heldOut.filter((name) => name !== "pddl"),
  ]);
});

test("what several suites need and is missing is told at once, with the one command that brings it", async () => {
  vi.stubEnv("AGENTREFINE_HOME", tmpdir());
  for (const name of ["AGENTREFINE_SCIENCEWORLD", "AGENTREFINE_JERICHO"]) vi.stubEnv(name, "");
  try {
    await expect(
      openSuites({ ...OPTIONS, suites: ["sciworld", "pddl", "jericho", "mt-bench"] }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(
        /^what these suites need is missing: sciworld \(ScienceWorld's simulator.*\), jericho \(Jericho's games\), mt-bench \(MT-bench's questions; a judge\)$/,
      ),
      fix: expect.stringMatching(
        /^Run `agentrefine data get scienceworld( java)? jericho mt-bench`\. For mt-bench, a judge: give 'judge' MODEL\.$/,
      ),
    });
  } finally {
    vi.unstubAllEnvs();
  }
});

test("all leaves out a suite of which the outside cannot be reached, where the agent is paid", async () => {
  const [first] = SUITES;
  const suite: SuiteDefinition = first!;
  suite.reach = () => Promise.reject(new AgentRefineError("no network", { fix: "Mend it." }));
  const notes: string[] = [];
  try {
    const onNote = (note: string) => void notes.push(note);
    expect(await chooseSuites(["all"], OPTIONS, { onNote, isPaid: false })).toContain(suite.name);
    expect(await chooseSuites(["all"], OPTIONS, { onNote, isPaid: true })).not.toContain(suite.name);
    expect(notes).toContain(`${suite.name} is left out: no network. Mend it.`);
  } finally {
    delete suite.reach;
  }
});
