import { ENGINES, engineVerdict } from "./engines.ts";
import {
  type ExampleFormatName,
  FORMATS,
  type TextFormat,
  type TokenizedFormat,
  type TurnWords,
} from "./formats.ts";

/** What the README beside the data says beyond its format. */
export interface GuideNotes {
  /** Names and values that tell what is in it and where it comes from, such as rows, tokens and settings. */
  readonly facts: readonly (readonly [string, string])[];
  /** What stands before everything else, for data that is not trained as Eq. 1 says. */
  readonly warning?: string;
}

/** What the text beside an export says of the data. */
interface ExportFacts extends GuideNotes {
  readonly format: ExampleFormatName;
  readonly files: readonly string[];
}

const EQUATION_1: TurnWords = { trained: "correct assistant turns", masked: "error turns" };
/** An ablation trains others than Eq. 1 does. */
const ABLATION: TurnWords = { trained: "assistant turns that this ablation trains", masked: "the others" };

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""];
}

/**
 * The README that is written beside an export: which engines compute Eq. 1 from it and with which settings, and
 * which would read it and train on the error turns.
 */
export function exportGuide({ format, files, facts, warning }: ExportFacts): string {
  const verdicts = Object.values(ENGINES).map((engine) => ({
    ...engine,
    verdict: engineVerdict(engine, format),
  }));
  const settings = (code: "obeys" | "unconfirmed"): readonly string[] =>
    verdicts.flatMap(({ title, verdict }) =>
      verdict.code === code ? [`- **${title}**: ${verdict.settings}`] : [],
    );
  const ignoring = verdicts.flatMap(({ title, use, verdict }) =>
    verdict.code === "mistrains" ? [`- **${title}**: ${verdict.why}. Use \`${use}\`.`] : [],
  );
  const isAblation = warning !== undefined;
  const form: TextFormat | TokenizedFormat = FORMATS[format];
  const carried = form.mask(isAblation ? ABLATION : EQUATION_1);
  const beyond = form.kind === "text" ? form.beyond : undefined;
  const what = isAblation ? "this ablation" : beyond === undefined ? "exactly Eq. 1" : "Eq. 1";
  return [
    ...(isAblation ? [`> **${warning}**`, ""] : []),
    `# Refinement-tuning data, format \`${format}\``,
    "",
    `Files: ${files.map((file) => `\`${file}\``).join(", ")}`,
    "",
    isAblation
      ? carried
      : `${carried} Error turns stay in the context and are never trained (AgentRefine, Eq. 1).`,
    ...(beyond === undefined ? [] : [beyond]),
    "",
    ...section(
      "What is in it",
      facts.map(([name, value]) => `- ${name}: ${value}`),
    ),
    ...section(`Engines that train ${what} from it, and their settings`, settings("obeys")),
    ...section(`Not confirmed: services that should train ${what} from it`, settings("unconfirmed")),
    ...section("Do not use it with", ignoring),
  ].join("\n");
}
