import { OFFLINE, type RunSettings, synthesisOf } from "../../config/run-settings.ts";
import { estimatePromptTokens, estimateTokens } from "../../model/call.ts";
import type { ChatRequest } from "../../model/chat-model.ts";
import { costOf, type Price } from "../../model/prices.ts";
import type { Persona } from "../../persona/persona.ts";
import { printable } from "../../printable.ts";
import { begin, receive, request, type Synthesis } from "../../synthesis/synthesis.ts";
import type { Host } from "../terminal/host.ts";
import { dollars, wholeNumber } from "../terminal/numbers.ts";
import { tableLines } from "../terminal/table.ts";
import { tell } from "../terminal/text.ts";
import { selectForRun } from "./personas-of-run.ts";

/** A call as it would be made, with a reply of the length that the offline author's has. */
interface Rehearsed {
  readonly title: string;
  readonly request: ChatRequest;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

function promptLines({ title, request: asked, promptTokens }: Rehearsed): readonly string[] {
  return [
    `── ${title} (about ${wholeNumber(promptTokens)} tokens)`,
    ...asked.messages.flatMap(({ role, content }) => [`[${role}]`, content, ""]),
  ];
}

/** The first persona's calls, answered by the offline author, so that nothing is bought. */
async function rehearse(persona: Persona, settings: RunSettings): Promise<readonly Rehearsed[]> {
  const { offlineModel } = await import("../../author/offline-model.ts");
  const { DEFAULT_FAULT_RATES, scaleFaultRates } = await import("../../author/fault-rates.ts");
  const faultRates = scaleFaultRates(DEFAULT_FAULT_RATES, 0);
  const author = offlineModel({ seed: String(settings.seed), faultRates });
  const calls: Rehearsed[] = [];
  const { maximumCalls, errors } = synthesisOf(settings);
  let synthesis: Synthesis = begin(persona, maximumCalls, errors);
  for (const title of [
    "Call 1: the script",
    "Call 2: the trajectory, after a script of the offline author",
  ]) {
    const asked = request(synthesis);
    if (asked === undefined) break;
    const reply = await author.chat(asked);
    calls.push({
      title,
      request: asked,
      promptTokens: estimatePromptTokens(asked.messages),
      completionTokens: estimateTokens(reply.text),
    });
    synthesis = receive(synthesis, reply);
  }
  return calls;
}

/** Dollars for a persona: when both calls succeed at once, and when all its calls are used to their limits. */
function pricesOf(
  calls: readonly Rehearsed[],
  settings: RunSettings,
  price: Price,
): { readonly usual: number; readonly worst: number } {
  const of = (promptTokens: number, completionTokens: number): number =>
    costOf(price, { promptTokens, completionTokens, cachedTokens: 0, estimated: true });
  const usual = calls.reduce((sum, call) => sum + of(call.promptTokens, call.completionTokens), 0);
  const { maxTokens } = settings.model;
  const [script, trajectory] = calls.map(({ promptTokens }) => of(promptTokens + maxTokens, maxTokens));
  return {
    usual,
    worst: (script ?? 0) + (synthesisOf(settings).maximumCalls - 1) * (trajectory ?? script ?? 0),
  };
}

/** Prints what the first persona's calls would be and what the run may cost; buys and writes nothing. */
export async function dryRun(settings: RunSettings, price: Price | undefined, host: Host): Promise<void> {
  let first: Persona | undefined;
  let personas = 0;
  const { signal: stop } = new AbortController();
  for await (const persona of selectForRun(settings, host, { strict: false, stop, quiet: true })) {
    first ??= persona;
    personas += 1;
  }
  const calls = first === undefined ? [] : await rehearse(first, settings);
  const isFree = settings.model.name === OFFLINE;
  const known = price === undefined ? undefined : pricesOf(calls, settings, price);
  const cost = (value: number | undefined): string => (value === undefined ? "?" : `about ${dollars(value)}`);
  const completion = calls.reduce((sum, each) => sum + each.completionTokens, 0);
  const prompt = calls.reduce((sum, each) => sum + each.promptTokens, 0);
  const rows = [
    ["Personas", wholeNumber(personas), ""],
    ["Tokens", `about ${wholeNumber(prompt + completion)}`, "for a persona, in two calls without a fault"],
    ...(isFree
      ? [["Price", "none", "the built-in author is free"]]
      : [
          [
            "Price",
            cost(known?.usual),
            known === undefined ? "unknown; give it with --price" : "for a persona",
          ],
        ]),
    ...(known === undefined || isFree
      ? []
      : [
          [
            "Worst case",
            cost(known.worst),
            `for a persona, ${synthesisOf(settings).maximumCalls} calls at their limits`,
          ],
          ["Total", cost(known.usual * personas), "for all personas, without faults"],
        ]),
  ];
  const lines = [...calls.flatMap(promptLines), ...tableLines(rows, ["left", "right", "left"])];
  host.stdout.write(printable(`${lines.join("\n")}\n`));
  await host.stdout.drained();
  tell(host.stderr, "Nothing was bought. Leave --dry-run out to begin.");
}
