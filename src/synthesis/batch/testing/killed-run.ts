import { openBatchService } from "../../../model/providers.ts";
import { openRunFolder } from "../../../runs/run-folder.ts";
import { generate } from "../../generate.ts";
import { fastClock } from "./fast-clock.ts";

// A process that drives a run in batches and kills itself right after so many events are on the disk.
// Arguments: the run's folder, the server's address, the provider, how many events.

const [folder = "", baseUrl = "", provider = "openai", most = "1"] = process.argv.slice(2);
let events = 0;

const service = await openBatchService(
  { provider: provider === "anthropic" ? "anthropic" : "openai", model: "test", baseUrl, maxTokens: 8192 },
  {},
);
await generate(await openRunFolder(folder), {
  model: {
    name: "test",
    chat: () => Promise.reject(new Error("nothing is asked live")),
  },
  // The run has its personas.
  personas: async function* () {},
  maximumCalls: 4,
  concurrency: 1000,
  costOf: () => null,
  batch: {
    service,
    model: "test",
    costOf: () => null,
    worstOf: () => null,
    waits: true,
    clock: fastClock,
    onEvent: () => {
      events += 1;
      if (events === Number(most)) process.kill(process.pid, "SIGKILL");
    },
  },
  retryFailed: false,
  stop: new AbortController().signal,
});
