import { withDotEnv } from "../../config/load-config.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { endedPersonas, tallyOf } from "../../synthesis/generate.ts";
import type { ExitCode } from "../exit-code.ts";
import { exists } from "../is-run.ts";
import { costWith } from "../model/open-run-model.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { showPath } from "../terminal/show-path.ts";
import { asUsage } from "../usage-error.ts";
import { goingOnWords } from "../words.ts";
import { driveRun } from "./drive-run.ts";
import { finishRun } from "./finish-run.ts";
import { openGenerateModel } from "./open-generate-model.ts";
import { checkSource, selectForRun } from "./personas-of-run.ts";
import { priceOfGenerate } from "./price-of-generate.ts";
import { settingsOf } from "./settings-check.ts";

/** Goes on with a run, or tells what came of one that is finished; that needs neither key nor model. */
export async function continueRun(
  run: RunFolder,
  session: Session,
  host: Host,
  apiKeyEnv: string | undefined,
): Promise<ExitCode> {
  const saved = settingsOf(run);
  const settings = apiKeyEnv === undefined ? saved : { ...saved, model: { ...saved.model, apiKeyEnv } };
  const { name } = settings.model;
  const price = await asUsage(() => priceOfGenerate(name, session, run.description.prices, host.directory));
  const { personas, tally } = await tallyOf(run.paths, costWith(price));
  const pending = personas - endedPersonas(tally);
  const retries = session.retryFailed ? tally.outcomes.failed : 0;
  if (personas > 0 && pending + retries === 0) {
    const shown = showPath(run.directory, host.directory);
    host.stderr.write(`${goingOnWords.finished(shown)}\n`);
    const result = { personas, tally, pending, pause: undefined };
    return finishRun({ run, settings, session, result, seconds: 0, written: 0, interrupted: false }, host);
  }
  const opened = await asUsage(async () => {
    if (!(await exists(run.paths.personas))) await checkSource(settings.personas.source);
    const env = await withDotEnv(host.env, host.directory);
    return openGenerateModel(settings, { session, env, price, spent: tally.cost ?? 0 });
  });
  const strict = session.options.strict === true;
  return driveRun(
    { run, settings, session, opened, personas: (stop) => selectForRun(settings, host, { strict, stop }) },
    host,
  );
}
