import { join } from "node:path";
import { publishedFolder } from "../data/published.ts";
import { defined } from "../defined.ts";
import type { Suite } from "../environment/suite.ts";
import { definitionOf, SUITE_NAMES } from "../environment/suites.ts";
import { AgentRefineError } from "../errors.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { Price } from "../model/money.ts";
import { beginAnew, described, hasReplies, isRun, keepSettings } from "../runs/change-run.ts";
import { createRunFolder, openRunFolder, type RunFolder } from "../runs/run-folder.ts";
import { contradiction, differencesOf } from "../runs/settings-difference.ts";
import { planEpisodes } from "./evaluate.ts";
import { chooseSuites, openSuites, SUITE_GROUPS, type WorldSettings } from "./open-suites.ts";
import {
  EVALUATION_DEFAULTS,
  type EvaluatedModel,
  type EvaluationSettings,
  evaluationSettingsSchema,
  type GivenSettings,
} from "./settings.ts";

/** The folder of an evaluation and its checked settings. */
export interface EvaluationFolder {
  readonly run: RunFolder;
  readonly settings: EvaluationSettings;
}

/**
 * Reads the `run.json` of an evaluation; `shown` is how messages name its folder. Throws AgentRefineError where it is
 * the folder of something else.
 */
export async function readEvaluation(directory: string, shown = directory): Promise<EvaluationFolder> {
  const run = await openRunFolder(directory);
  const { settings } = run.description;
  const parsed = evaluationSettingsSchema.safeParse(settings);
  if (parsed.success) return { run, settings: parsed.data };
  throw settings.kind === "evaluation"
    ? new AgentRefineError(`the settings in ${shown}/run.json cannot be used`, {
        fix: "Use the version of agentrefine that started the evaluation.",
      })
    : new AgentRefineError(`${shown} is a run of generate and no evaluation`, {
        fix: "Give another folder.",
      });
}

/** What an evaluation in a folder is to be. Nothing is written before it is saved. */
export interface PlannedEvaluation {
  readonly settings: EvaluationSettings;
  readonly suites: readonly Suite[];
  /** Begun in a new folder, resumed as it is, grown by a larger limit or sample, or begun anew. */
  readonly how: "begun" | "resumed" | "grown" | "anew";
  /** What the folder has of prices, for one that is not new. */
  readonly prices: unknown;
  /** Writes what is to be written; the price is for what is new. Rejects with an AgentRefineError. */
  readonly save: (price: Price | undefined, now: number) => Promise<RunFolder>;
}

/** What is wanted of an evaluation. */
export interface PlanOptions {
  /** What was given. Paths are absolute. */
  readonly given: GivenSettings;
  /** What lies under the given model where an evaluation begins. */
  readonly configured?: Partial<EvaluatedModel>;
  /** The temperature of a new evaluation where none is given. */
  readonly temperature?: number;
  /** How messages name the folder. */
  readonly shown?: string;
  /** The model of the judge that settings name; it is asked for nothing before the evaluation is played. */
  readonly judge?: ((choice: EvaluatedModel) => ChatModel) | undefined;
  /** Is told what a limit leaves out, which suites cannot be played, and of locks. */
  readonly onNote?: ((note: string) => void) | undefined;
}

function refuse(problem: string, fix: string): never {
  throw new AgentRefineError(problem, { fix });
}

const NO_JUDGE = ["it is said how a judge is asked, but not which", "Name one ('judge')."] as const;

function checkAgent(agent: EvaluationSettings["agent"], given: GivenSettings): void {
  if (agent === "react") {
    if (given.model?.name === undefined) refuse("the ReAct agent needs a model", "Give one ('model').");
  } else if (Object.keys(given.model ?? {}).length > 0) {
    refuse(
      `the agent ${agent} talks to no model`,
      "Leave out the model and what says how it is asked, or give the agent react.",
    );
  } else if (given.reflexion !== undefined) {
    refuse("reflexion is for agents that talk to a model", "Leave it out, or give a model.");
  }
  if (agent === "replay" && given.replay === undefined)
    refuse("there is nothing to replay", "Give a recording ('replay').");
  if (agent !== "replay" && given.replay !== undefined)
    refuse(`a recording ('replay') is not for the agent ${agent}`, "Leave out the agent, or the recording.");
}

/** Where replies end when nothing else is given: the model would go on to make up what it is shown. */
const STOP_AT = ["\nObservation:"];

/** The settings of a new evaluation: those given, over the configured model and the paper's. */
function newSettings(
  { model: own, judge, ...given }: GivenSettings,
  { configured = {}, temperature: usual }: PlanOptions,
): Omit<EvaluationSettings, "episodes"> {
  const talks = given.agent === undefined || given.agent === "react";
  const { name, ...asked } = { ...(talks ? configured : {}), ...own };
  const model = name === undefined ? asked : { ...asked, name };
  const { suites, agent = name === undefined ? undefined : "react" } = given;
  if (suites === undefined || suites.length === 0)
    refuse("no suite was given", `Give one or several ('suite'): ${SUITE_NAMES.join(", ")}.`);
  if (agent === undefined) {
    refuse(
      "neither a model nor an agent was given",
      "Give a model ('model'), or the agent expert or random ('agent'), which need none.",
    );
  }
  checkAgent(agent, { ...given, model });
  const graded = judge === undefined ? {} : { judge: { ...judge, name: judge.name ?? refuse(...NO_JUDGE) } };
  const chosen = { kind: "evaluation", ...EVALUATION_DEFAULTS, ...given, ...graded, suites, agent } as const;
  if (name === undefined) return chosen;
  const { temperature = usual } = asked;
  const { stopAt = STOP_AT, taskTemperatures = asked.temperature === undefined } = given;
  return { ...chosen, stopAt, taskTemperatures, model: { ...asked, ...defined({ temperature }), name } };
}

/** What is wanted, and in which folder. */
interface Planning extends PlanOptions {
  readonly directory: string;
}

/** How the suites of settings are loaded. */
function loadOptions(
  { judge: choice, ...chosen }: Omit<EvaluationSettings, "episodes">,
  { judge: open, directory }: Planning,
): WorldSettings {
  const judge = choice === undefined ? undefined : open?.(choice);
  // What was fetched since is no part of an evaluation that was begun without it.
  const { agentboard = null } = chosen;
  const kept = { ...chosen, agentboard, pages: join(directory, "pages") };
  return judge === undefined ? kept : { ...kept, judge };
}

/** Refuses batches for suites whose episodes are talks of many turns, and where no model is asked. */
function checkBatches({ suites, model, judge }: Omit<EvaluationSettings, "episodes">): void {
  if (model === undefined && judge === undefined)
    refuse("there is no model that could be asked in batches", "Leave out 'batch', or give a model.");
  const long = suites.filter((name) => definitionOf(name).rounds !== true);
  if (long.length === 0) return;
  const few = SUITE_NAMES.filter((name) => definitionOf(name).rounds === true);
  refuse(
    `an episode of ${long.join(", ")} has some 20 replies or more, each of which would wait for a batch of its own`,
    `Leave out 'batch'; suites whose episodes have few replies are ${few.join(", ")}.`,
  );
}

/** Loads the suites of settings, and counts their episodes. */
async function counted(
  { suites: names, ...rest }: Omit<EvaluationSettings, "episodes">,
  options: Planning,
): Promise<Pick<PlannedEvaluation, "settings" | "suites">> {
  const { onNote = () => {} } = options;
  const load = loadOptions({ ...rest, suites: names }, options);
  const isPaid = rest.model !== undefined;
  const chosen = { ...rest, suites: await chooseSuites(names, load, { onNote, isPaid }) };
  if (chosen.batch === true) checkBatches(chosen);
  const suites = await openSuites({ ...load, suites: chosen.suites }, onNote);
  // Told before anything is bought; who answers without a model may need nothing of the outside.
  if (isPaid) await Promise.all(chosen.suites.map((name) => definitionOf(name).reach?.(load)));
  const episodes = planEpisodes(suites, chosen.samples).length;
  const remarks = suites.flatMap(({ name, remarks: own = [] }) =>
    own.length === 0 ? [] : [[name, own] as const],
  );
  const said = remarks.length === 0 ? {} : { remarks: Object.fromEntries(remarks) };
  const settings = evaluationSettingsSchema.parse({ ...chosen, episodes, ...said });
  const { taskTemperatures, ...others } = settings;
  // Said only where it makes a difference.
  const isHeated = suites.some(({ tasks }) => tasks.some(({ temperature }) => temperature !== undefined));
  return { settings: taskTemperatures === true && isHeated ? settings : others, suites };
}

/** Where a model's server and its key are. */
function whereabouts(saved: EvaluatedModel, given: Partial<EvaluatedModel> = {}): Partial<EvaluatedModel> {
  const { baseUrl = saved.baseUrl, apiKeyEnv = saved.apiKeyEnv } = given;
  return defined({ baseUrl, apiKeyEnv });
}

/**
 * Saved settings with those over them that say where things are, since they may have moved: the model's server and
 * the variable with its key, AgentBoard's files, the recording.
 */
function moved(saved: EvaluationSettings, given: GivenSettings): EvaluationSettings {
  const { model, judge, agentboard, replay, recorded } = saved;
  const now = defined({
    agentboard: agentboard && (given.agentboard ?? agentboard),
    replay: replay && (given.replay ?? replay),
    recorded: recorded && (given.recorded ?? recorded),
    judge: judge && { ...judge, ...whereabouts(judge, given.judge) },
    model: model && { ...model, ...whereabouts(model, given.model) },
  });
  return { ...saved, ...now };
}

/** The suites that were given; in the saved order when they are the same. */
function inSavedOrder(
  { suites: saved }: EvaluationSettings,
  { suites: given }: GivenSettings,
): readonly string[] {
  // What stands for several suites stands for those that it was begun with.
  const isSame =
    given === undefined ||
    given.some((each) => SUITE_GROUPS.includes(each)) ||
    (given.length === saved.length && given.every((each) => saved.includes(each)));
  return isSame ? saved : given;
}

/** The evaluation in its folder, begun anew with what was given over what it has. */
async function planAnew(
  { run, settings: { kind: _kind, episodes: _episodes, model, ...rest } }: EvaluationFolder,
  refusal: () => Error,
  options: Planning,
): Promise<PlannedEvaluation> {
  const { given, onNote = () => {} } = options;
  // Who needs no model has bought nothing, and has played all the same.
  if (model === undefined || (await hasReplies(run))) throw refusal();
  const { taskTemperatures, ...others } = rest;
  const heated = given.model?.temperature === undefined && taskTemperatures !== undefined;
  const together = {
    ...others,
    ...(heated ? { taskTemperatures } : {}),
    ...given,
    model: { ...model, ...given.model },
  };
  const planned = await counted(newSettings(together, options), options);
  const save: PlannedEvaluation["save"] = async (price, now) => {
    const anew = await beginAnew(run, { settings: planned.settings, price, now }, onNote);
    if (anew === undefined) throw refusal();
    return anew;
  };
  return { ...planned, how: "anew", prices: undefined, save };
}

/**
 * Refuses a growth that would leave out what is played already. The first tasks are part of more first ones, and a
 * sample of a larger one; the first ones of a sample need not be among the first ones of a larger sample.
 */
function requirePart(smaller: readonly Suite[], larger: readonly Suite[], shown: string): void {
  for (const [place, { name, tasks }] of smaller.entries()) {
    const kept = new Set(larger[place]?.tasks.map(({ id }) => id));
    const left = tasks.filter(({ id }) => !kept.has(id)).length;
    if (left === 0) continue;
    refuse(
      `${shown} cannot grow so: ${left} of its ${tasks.length} tasks of ${name} are not among those of the larger sample`,
      "Raise the limit along with the sample, or give another folder.",
    );
  }
}

async function planResumed(directory: string, options: Planning): Promise<PlannedEvaluation> {
  const { given, shown = directory, onNote = () => {} } = options;
  const folder = await readEvaluation(directory, shown);
  const { run } = folder;
  const saved = moved(folder.settings, given);
  const model = Object.keys(given.model ?? {}).length > 0 ? { ...saved.model, ...given.model } : saved.model;
  const judge = given.judge === undefined ? saved.judge : { ...saved.judge, ...given.judge };
  const together = { ...saved, ...given, suites: inSavedOrder(saved, given), model, judge };
  const { contradictions, grows } = differencesOf(saved, together);
  if (contradictions.length > 0) {
    const refusal = (): Error => contradiction(shown, contradictions, "evaluate --out");
    return planAnew({ run, settings: saved }, refusal, options);
  }
  const { prices } = run.description;
  if (!grows) {
    const suites = await openSuites(loadOptions(saved, options));
    return { settings: saved, suites, how: "resumed", prices, save: async () => run };
  }
  const { limit, sample } = given;
  const planned = await counted({ ...saved, ...defined({ limit, sample }) }, options);
  requirePart(await openSuites(loadOptions(saved, options)), planned.suites, shown);
  return { ...planned, how: "grown", prices, save: () => keepSettings(run, planned.settings, onNote) };
}

/**
 * What an evaluation in a folder comes to be with what was given: begun when the folder is none yet, else resumed,
 * grown, or begun anew while no reply is kept. Rejects with an AgentRefineError for settings that do not fit together
 * or contradict the folder's.
 */
export async function planEvaluation(directory: string, options: PlanOptions): Promise<PlannedEvaluation> {
  const { replay } = options.given;
  const given = replay === undefined ? options.given : ({ agent: "replay", ...options.given } as const);
  const wanted = { ...options, given, directory };
  if (await isRun(directory)) return planResumed(directory, wanted);
  // What was fetched is named, so that the evaluation is resumed with it, and one without it is not.
  const agentboard = given.agentboard ?? (await publishedFolder("agentboard"));
  const begun = agentboard === undefined ? given : { ...given, agentboard };
  const planned = await counted(newSettings(begun, wanted), wanted);
  const save: PlannedEvaluation["save"] = async (price, now) =>
    createRunFolder(directory, await described({ settings: planned.settings, price, now }));
  return { ...planned, how: "begun", prices: undefined, save };
}

/**
 * The settings that have the answers of an evaluation graded again, by the same judge or another: the answers are
 * replayed, so that none is bought, and what the folder has of earlier verdicts stays. `directory` is an absolute path,
 * `shown` how messages name it. Throws AgentRefineError.
 */
export async function rejudging(directory: string, shown = directory): Promise<GivenSettings> {
  const { settings } = await readEvaluation(directory, shown);
  const suites = settings.suites.filter((suite) => definitionOf(suite).graded === true);
  if (suites.length === 0) {
    throw new AgentRefineError(`no suite of ${shown} is graded by a judge`, {
      fix: "Give an evaluation of one that is, such as mt-bench.",
    });
  }
  const { agent, model, judge, limit, sample, maxTurns, samples, seed } = settings;
  const { answered = { agent, ...defined({ model }) } } = settings;
  const asked = {
    replay: directory,
    answered,
    samples,
    seed,
    ...defined({ judge, limit, sample, maxTurns }),
  };
  return { suites, agent: "replay", ...asked };
}
