import type { RunDriving } from "../config/driving.ts";
import type { ModelChoice, RunSettings } from "../config/run-settings.ts";
import { AgentRefineError } from "../errors.ts";
import { CallLog } from "../model/call-log.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { Ledger, type Price } from "../model/money.ts";
import { type RunModel, wireOf } from "../model/run-model.ts";
import { shellWord } from "../printable.ts";
import type { Writer, Writers } from "../synthesis/writers.ts";
import { choiceOf, drivingOfWriter } from "./driving.ts";

/** What a run's calls are answered by: one model, or several writers. */
export interface OpenedRun extends Omit<RunModel, "model"> {
  readonly model: ChatModel | Writers;
}

/** Opens one model of a run, beside others with which it shares its log and its money. */
type OpenOne = (
  choice: ModelChoice,
  driving: RunDriving,
  money: { readonly price: Price | undefined; readonly spent: number },
  beside: Pick<RunModel, "log" | "ledger">,
) => Promise<RunModel>;

/** The models of a run that several write, opened by `openOne`. Throws AgentRefineError. */
export async function openWriters(
  settings: RunSettings,
  driving: RunDriving,
  money: { readonly priceOf: (name: string) => Price | undefined; readonly spent: number },
  openOne: OpenOne,
): Promise<OpenedRun> {
  const { maxCost } = driving.options;
  const { spent, priceOf } = money;
  const beside = { log: new CallLog(), ledger: new Ledger(maxCost, spent) };
  const opened: { readonly name: string; readonly writer: Writer; readonly model: RunModel }[] = [];
  for (const [name, said] of Object.entries(settings.writers ?? {})) {
    const price = priceOf(name);
    if (maxCost !== undefined && price === undefined)
      throw new AgentRefineError(`a cost limit needs the price of ${name}, which is not known`, {
        fix: `Give it with --writer ${shellWord(`${name} price=PROMPT,COMPLETION`)} (dollars for a million tokens) or in a price list.`,
      });
    const choice = choiceOf(settings, name, said);
    const model = await openOne(choice, drivingOfWriter(settings, driving, name), { price, spent }, beside);
    const { share, for: calls } = said;
    const { concurrency } = model;
    // A package of the AI SDK names its model otherwise than the run does.
    const own: ChatModel = { name, chat: (request, options) => model.model.chat(request, options) };
    const writer = { model: own, share, for: calls, concurrency, maxTokens: choice.maxTokens };
    opened.push({ name, writer, model });
  }
  const models = opened.map(({ model }) => model);
  return {
    ...beside,
    model: { seed: settings.seed, writers: opened.map(({ writer }) => writer) },
    concurrency: models.reduce((sum, { concurrency }) => sum + concurrency, 0),
    costOf: (usage, asked) => opened.find(({ name }) => name === asked)?.model.costOf(usage) ?? null,
    ...wireOf(models),
    onNote: (listener) => {
      for (const { name, model } of opened) model.onNote((note) => listener(`${name}: ${note}`));
    },
    end: (reason) => {
      for (const { end } of models) end(reason);
    },
  };
}
