import { type ExportName, engineVerdict } from "./engine.ts";
import { ENGINES } from "./engines.ts";

/** What the text beside an export says of the data. */
export interface ExportFacts {
  readonly format: ExportName;
  /** The names of the files or the folder that were written. */
  readonly files: readonly string[];
  /** Names and values that tell what is in them, such as rows, tokens, tokenizer and settings. */
  readonly facts: readonly (readonly [string, string])[];
}

/** How the mask of Eq. 1 is written in each export. */
const CARRIED_BY: Readonly<Record<ExportName, string>> = {
  conversations: "`loss` is true on correct assistant turns, false on error turns and null on the user's.",
  messages: "`train` and `loss` are true on correct assistant turns and false on error turns.",
  openai: "`weight` is 1 on correct assistant turns and 0 on error turns.",
  together: "`weight` is 1 on correct assistant turns and 0 on everything else, the user's messages too.",
  "llamafactory-v1": "`loss_weight` is 1 on correct assistant turns and 0 on everything else.",
  prefix: "There is a row for each correct assistant turn, and only the last turn of a row may be trained.",
  "prompt-completion": "There is a row for each correct assistant turn; only `completion` may be trained.",
  "hf-disk": "`labels` is the token's id on correct assistant turns with their end-of-turn token, else -100.",
  "tokenized-jsonl":
    "`labels` is the token's id on correct assistant turns with their end-of-turn token, else -100.",
  "tokenized-parquet":
    "`labels` is the token's id on correct assistant turns with their end-of-turn token, else -100.",
};

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""];
}

/**
 * The README that is written beside an export: which engines compute Eq. 1 from it and with which settings, and
 * which would read it and train on the error turns.
 */
export function exportGuide({ format, files, facts }: ExportFacts): string {
  const verdicts = Object.values(ENGINES).map((engine) => ({
    engine,
    verdict: engineVerdict(engine, format),
  }));
  const obeying = verdicts.flatMap(({ engine, verdict }) =>
    verdict.code === "obeys" ? [`- **${engine.title}**: ${verdict.settings}`] : [],
  );
  const ignoring = verdicts.flatMap(({ engine, verdict }) =>
    verdict.code === "mistrains" ? [`- **${engine.title}**: ${verdict.why}. Use \`${verdict.use}\`.`] : [],
  );
  return [
    `# Refinement-tuning data, format \`${format}\``,
    "",
    `Files: ${files.map((file) => `\`${file}\``).join(", ")}`,
    "",
    `${CARRIED_BY[format]} Error turns stay in the context and are never trained (AgentRefine, Eq. 1).`,
    "",
    ...section(
      "What is in it",
      facts.map(([name, value]) => `- ${name}: ${value}`),
    ),
    ...section("Engines that train exactly Eq. 1 from it, and their settings", obeying),
    ...section("Do not use it with", ignoring),
  ].join("\n");
}
