import type { MixFlags } from "../../config/flags.ts";
import { loadConfig } from "../../config/load-config.ts";
import { checkOverwrite, placeOf } from "../export/overwrite.ts";
import {
  type ChosenTarget,
  checkTokenizer,
  chooseTarget,
  type TextTarget,
  type TokenizedTarget,
} from "../export/target.ts";
import { mixWords } from "../export-words.ts";
import type { Host } from "../terminal/host.ts";
import { UsageError } from "../usage-error.ts";
import { type DataSource, openSource } from "./data-part.ts";

/** What a mixture has to do, checked. */
export interface MixPlan {
  readonly target: TextTarget | TokenizedTarget;
  readonly engine: ChosenTarget["engine"];
  readonly replaces: boolean;
  readonly agent: readonly DataSource[];
  readonly general: readonly DataSource[];
  /** General rows for each agent row; all there are when undefined. */
  readonly ratio: number | undefined;
  readonly seed: number;
}

function openAll(given: readonly string[], directory: string): Promise<readonly DataSource[]> {
  return Promise.all(given.map((each) => openSource(each, directory)));
}

/** What the flags of `mix` ask for. Throws AgentRefineError when they cannot be followed; writes nothing. */
export async function planMix(out: string, flags: MixFlags, { directory }: Host): Promise<MixPlan> {
  const { agent = [], data = [], ratio, seed = 1, force = false } = flags;
  if (agent.length === 0) throw new UsageError(mixWords.noAgent, { fix: mixWords.noAgentFix });
  if (ratio !== undefined && data.length === 0) {
    throw new UsageError(mixWords.ratioAlone, { fix: mixWords.ratioAloneFix });
  }
  const config = await loadConfig(directory, flags.config);
  const { target, engine } = chooseTarget(out, flags, config.export ?? {}, directory);
  if (target.kind === "trajectories") {
    throw new UsageError(mixWords.trajectories, { fix: mixWords.trajectoriesFix });
  }
  const [agentSources, generalSources] = [await openAll(agent, directory), await openAll(data, directory)];
  const read = [...agentSources, ...generalSources].flatMap((source) =>
    source.kind === "run" ? Object.values(source.run.paths) : [source.path],
  );
  const replaces = await checkOverwrite(placeOf(target, directory), force, read);
  await checkTokenizer(target);
  return { target, engine, replaces, agent: agentSources, general: generalSources, ratio, seed };
}
