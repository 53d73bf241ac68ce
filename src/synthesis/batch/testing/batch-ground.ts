import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCustomId } from "../../../batch/batch-folder.ts";
import type { BatchOptions } from "../../../batch/batch-run.ts";
import type { BatchService } from "../../../model/batch/batch-service.ts";
import type { Clock } from "../../../model/limiter.ts";
import { costOf, type Price, worstCost } from "../../../model/money.ts";
import { openBatchService } from "../../../model/providers.ts";
import { type BatchServer, startBatchServer } from "../../../model/testing/batch-server.ts";
import { fakeClock } from "../../../model/testing/fake-clock.ts";
import type { Persona } from "../../../persona/persona.ts";
import { createRunFolder, openRunFolder, type RunFolder } from "../../../runs/run-folder.ts";
import { type GenerateOptions, type GenerateResult, generate } from "../../generate.ts";
import { readCalls, readSyntheses } from "../../read-run.ts";
import type { CallRecord, SynthesisRecord } from "../../record.ts";
import { scriptedModel, scriptedReply } from "../../testing/scripted-model.ts";

const FAULTS = 0.4;
const PRICE: Price = { prompt: 2.5, cachedPrompt: 2.5, completion: 10 };
const MAX_TOKENS = 8192;

/** What a run of a test may be asked otherwise. */
interface RunOptions {
  readonly folder?: RunFolder;
  readonly batch?: Partial<BatchOptions>;
  readonly generate?: Partial<GenerateOptions>;
  /** Changes the service, so that a step with it can be made to fail. */
  readonly wrap?: (service: BatchService) => BatchService;
  readonly maxCost?: number;
}

/** Runs of a few personas, live and in batches, against a server of batches whose time passes when somebody waits. */
export class Ground implements AsyncDisposable {
  static readonly #live = new Map<number, readonly SynthesisRecord[]>();
  readonly clock: Clock;
  readonly server: BatchServer;
  readonly #directory: string;
  readonly personas: readonly Persona[];
  readonly #provider: "openai" | "anthropic";
  #folders = 0;

  private constructor(
    directory: string,
    provider: "openai" | "anthropic",
    count: number,
    clock: Clock,
    server: BatchServer,
  ) {
    this.clock = clock;
    this.server = server;
    this.#directory = directory;
    this.#provider = provider;
    this.personas = Array.from({ length: count }, (_, index) => ({
      id: index.toString(16).padStart(16, "0"),
      text: `A diver, number ${index}.`,
    }));
  }

  static async open({
    provider = "openai",
    personas = 20,
    clock = fakeClock(true),
  }: {
    readonly provider?: "openai" | "anthropic";
    readonly personas?: number;
    readonly clock?: Clock;
  } = {}): Promise<Ground> {
    const server = await startBatchServer({
      answer: async (messages) => ({ text: scriptedReply({ messages }, FAULTS) }),
      now: () => clock.now(),
      duration: 45_000,
    });
    const directory = await mkdtemp(join(tmpdir(), "agentrefine-batch-"));
    return new Ground(directory, provider, personas, clock, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async folder(): Promise<RunFolder> {
    this.#folders += 1;
    const description = { createdAt: "2026-01-01T00:00:00Z", agentrefine: "0", settings: {}, prices: null };
    return createRunFolder(join(this.#directory, `run${this.#folders}`), description);
  }

  /** What a run has come to that is asked live, with the replies that the server gives. Made once for as many personas. */
  async live(): Promise<readonly SynthesisRecord[]> {
    const known = Ground.#live.get(this.personas.length);
    if (known !== undefined) return known;
    const folder = await this.folder();
    await generate(folder, this.#options());
    const records = await this.records(folder);
    Ground.#live.set(this.personas.length, records);
    return records;
  }

  /** A run in batches, or a further part of one. */
  async batched({
    folder: given,
    batch = {},
    wrap = (service) => service,
    generate: more = {},
    maxCost,
  }: RunOptions = {}): Promise<{ readonly folder: RunFolder; readonly result: GenerateResult }> {
    const folder = given === undefined ? await this.folder() : await openRunFolder(given.directory);
    const service = await openBatchService(
      { provider: this.#provider, model: "test", baseUrl: this.server.url, maxTokens: MAX_TOKENS },
      {},
    );
    const options: BatchOptions = {
      service: wrap(service),
      model: "test",
      costOf: (usage) => costOf(PRICE, usage),
      worstOf: (request) => worstCost(request, PRICE, MAX_TOKENS),
      waits: true,
      clock: this.clock,
      ...batch,
    };
    const budget = maxCost === undefined ? undefined : { maxCost, maxTokens: MAX_TOKENS };
    return {
      folder,
      result: await generate(folder, { ...this.#options(), batch: options, budget, ...more }),
    };
  }

  #options(): GenerateOptions {
    const personas = this.personas;
    return {
      model: scriptedModel(FAULTS),
      personas: async function* () {
        yield* personas;
      },
      maximumCalls: 4,
      concurrency: 1000,
      costOf: (usage) => costOf(PRICE, usage),
      retryFailed: false,
      stop: new AbortController().signal,
    };
  }

  /** What a run has come to, in order and without what differs between live and batches. */
  async records({ paths }: RunFolder): Promise<readonly SynthesisRecord[]> {
    const all = [];
    for await (const record of readSyntheses(paths)) all.push(record);
    return all.sort((one, other) => one.index - other.index);
  }

  async calls({ paths }: RunFolder): Promise<readonly CallRecord[]> {
    const all = [];
    for await (const record of readCalls(paths)) all.push(record);
    return all;
  }

  /** Requests of which more than one answer was bought. */
  boughtTwice(): readonly string[] {
    const seen = new Map<string, number>();
    for (const { customId } of this.server.bought) {
      const call = readCustomId(customId);
      const name = `${call?.index}-${call?.call}-${call?.request}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    return [...seen].filter(([, count]) => count > 1).map(([name]) => name);
  }
}
