import { resolve } from "node:path";
import type { ServeFlags } from "../../config/flags.ts";
import { defined } from "../../defined.ts";
import { variantText } from "../../environment/suite.ts";
import { definitionOf, SUITE_NAMES } from "../../environment/suites.ts";
import { openSuites } from "../../evaluation/open-suites.ts";
import { serveWorlds } from "../../evaluation/serving/serve-worlds.ts";
import { counted } from "../../numbers.ts";
import { asUsage, UsageError } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import { serveUntilInterrupted } from "../terminal/interruption.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

async function readWorlds(flags: ServeFlags, { directory }: Host): ReturnType<typeof openSuites> {
  const { suite: suites, perturb, limit, sample, wikipedia } = flags;
  const { compat = "agentboard", split = "train", seed = 1 } = flags;
  if (suites === undefined) {
    throw new UsageError("no suite was given", {
      fix: `Give one with --suite: ${SUITE_NAMES.join(" or ")}.`,
    });
  }
  if (suites.length > 1) {
    throw new UsageError("one suite at a time can be served", {
      fix: "Start a server for each, on ports of their own.",
    });
  }
  const [graded] = suites.filter((name) => definitionOf(name).graded === true);
  if (graded !== undefined) {
    throw new UsageError(`${graded} cannot be served, since a model that is paid grades its answers`, {
      fix: `\`agentrefine evaluate --suite ${graded} --judge MODEL\` plays it.`,
    });
  }
  const path = (given: string | undefined): string | undefined => given && resolve(directory, given);
  const options = {
    suites,
    compat,
    split,
    seed,
    ...defined({ agentboard: path(flags.agentboard), recorded: path(flags.recorded) }),
    ...defined({ perturbation: perturb, limit, sample, wikipedia }),
  };
  const opened = await openSuites(options);
  for (const name of suites) await definitionOf(name).reach?.(options);
  return opened;
}

/** `agentrefine serve`: offers the worlds of a suite over HTTP until it is interrupted. */
export async function runServe(host: Host, flags: ServeFlags): Promise<void> {
  const { host: address = "127.0.0.1", port, worlds, split } = flags;
  const [suite] = await asUsage(() => readWorlds(flags, host));
  if (suite === undefined) return;
  const server = await asUsage(() => serveWorlds(suite, { host: address, port, worlds }));
  const tasks = counted(suite.tasks.length, "task");
  await serveUntilInterrupted(host, server, [
    ...(LOOPBACK.has(address)
      ? []
      : [`Anyone who reaches ${address} can use this server: it asks for no key.`]),
    ...(split === "test"
      ? [
          "These are the tasks that evaluate scores: results of a model that was trained on them mean nothing.",
        ]
      : []),
    `Serving ${suite.name} (${tasks}; ${variantText(suite.variant)}) on ${server.url}; end it with Ctrl-C.`,
  ]);
}
