import { AgentRefineError } from "../../errors.ts";
import { type ExportName, engineSettings, engineVerdict } from "./engine.ts";
import { ENGINES, type EngineName } from "./engines.ts";

/**
 * The settings with which an engine computes Eq. 1 from an export; where that is not confirmed they say so.
 *
 * @throws AgentRefineError when the engine would train on error turns, which is the paper's own bad ablation
 * (Table 2), or cannot read the export at all; it names the format to use instead
 */
export function requireEngine(name: EngineName, format: ExportName): string {
  const engine = ENGINES[name];
  const verdict = engineVerdict(engine, format);
  if (verdict.code === "obeys" || verdict.code === "unconfirmed") return verdict.settings;
  const settings = engineSettings(engine, verdict.use);
  throw new AgentRefineError(
    verdict.code === "mistrains"
      ? `${engine.title} would train on error turns with the format ${format}: ${verdict.why}`
      : `${engine.title} does not read the format ${format}`,
    {
      fix: `Use --format ${verdict.use}${settings === undefined ? "" : ` (in ${engine.title}: ${settings})`}.`,
    },
  );
}
