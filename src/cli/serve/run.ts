import { once } from "node:events";
import type { Server } from "node:http";
import { resolve } from "node:path";
import type { ServeFlags } from "../../config/flags.ts";
import { variantText } from "../../environment/suite.ts";
import { definitionOf, SUITE_NAMES } from "../../environment/suites.ts";
import { AgentRefineError, systemErrorCode } from "../../errors.ts";
import { openSuites } from "../../evaluation/open-suites.ts";
import { counted } from "../../numbers.ts";
import { parseSuites } from "../evaluate/read-command.ts";
import { asUsage, UsageError } from "../failure.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { tell } from "../terminal/text.ts";
import { ServedWorlds } from "./served-worlds.ts";
import { createWorldServer } from "./world-server.ts";

/** What may keep a server from listening. */
function listenError(error: unknown, host: string, port: number): unknown {
  const address = `${host}:${port}`;
  switch (systemErrorCode(error)) {
    case "EADDRINUSE":
      return new AgentRefineError(`${address} is in use`, {
        fix: "Give another --port, or 0 for any that is free.",
      });
    case "EACCES":
      return new AgentRefineError(`listening on ${address} is not permitted`, {
        fix: "Give a --port above 1023.",
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new AgentRefineError(`this machine has no address ${host}`, { fix: "Give another --host." });
    default:
      return error;
  }
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw listenError(error, host, port);
  }
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

async function readWorlds(flags: ServeFlags, host: Host): ReturnType<typeof openSuites> {
  if (flags.suite === undefined) {
    throw new UsageError("no suite was given", {
      fix: `Give one with --suite: ${SUITE_NAMES.join(" or ")}.`,
    });
  }
  const { perturb, limit, sample, wikipedia, compat = "agentboard", split = "train", seed = 1 } = flags;
  const agentboard = flags.agentboard === undefined ? undefined : resolve(host.directory, flags.agentboard);
  const suites = parseSuites(flags.suite);
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
  const options = {
    suites,
    compat,
    split,
    seed,
    ...(agentboard === undefined ? {} : { agentboard }),
    ...(perturb === undefined ? {} : { perturbation: perturb }),
    ...(limit === undefined ? {} : { limit }),
    ...(sample === undefined ? {} : { sample }),
    ...(wikipedia === undefined ? {} : { wikipedia }),
    ...(flags.recorded === undefined ? {} : { recorded: resolve(host.directory, flags.recorded) }),
  } as const;
  const opened = await openSuites(options);
  for (const name of suites) await definitionOf(name).reach?.(options);
  return opened;
}

/** Milliseconds between looks for worlds that nobody uses. */
const A_MINUTE = 60_000;

/** `agentrefine serve`: offers the worlds of a suite over HTTP until it is interrupted. */
export async function runServe(this: CliContext, flags: ServeFlags): Promise<void> {
  const { host: machine } = this;
  const { host = "127.0.0.1", port = 36_001, worlds: most = 1024 } = flags;
  const [suite] = await asUsage(() => readWorlds(flags, machine));
  if (suite === undefined) return;
  const worlds = new ServedWorlds(suite, most, machine.now);
  const server = createWorldServer(worlds);
  const url = await asUsage(() => listen(server, host, port));
  const interruption = watchInterrupts(machine);
  const idle = setInterval(() => worlds.closeIdle(), A_MINUTE).unref();
  if (!LOOPBACK.has(host))
    tell(machine.stderr, `Anyone who reaches ${host} can use this server: it asks for no key.`);
  if (flags.split === "test") {
    tell(
      machine.stderr,
      "These are the tasks that evaluate scores: results of a model that was trained on them mean nothing.",
    );
  }
  const tasks = counted(suite.tasks.length, "task");
  tell(
    machine.stderr,
    `Serving ${suite.name} (${tasks}; ${variantText(suite.variant)}) on ${url}; end it with Ctrl-C.`,
  );
  try {
    if (!interruption.signal.aborted) await once(interruption.signal, "abort");
  } finally {
    interruption.release();
    clearInterval(idle);
    server.close();
    server.closeAllConnections();
    await worlds[Symbol.asyncDispose]();
  }
  tell(machine.stderr, "Stopped.");
}
