import { ENGINE_NAMES, ENGINES, engineSettings } from "../dataset/engines.ts";
import { type ErrorRunCounts, RUN_LENGTHS, shareOfTurns } from "../trajectory/trajectory.ts";

/** Where a persona comes from and under which licence. */
interface PersonaSource {
  readonly name: string;
  readonly licence: string;
}

interface HubCard {
  readonly title: string;
  /** The licence of the data as the hub names it, such as `apache-2.0`; `other` when it has no name there. */
  readonly licence: string;
  readonly rows: number;
  /** The model that wrote the data, and the settings of the run, as names and values. */
  readonly model: string;
  readonly settings: readonly (readonly [string, string])[];
  readonly personas: PersonaSource;
  readonly errorRuns: ErrorRunCounts;
  readonly sample: object;
}

/** The hub's words for sizes. */
function sizeCategory(rows: number): string {
  const bounds = [
    [1000, "n<1K"],
    [10_000, "1K<n<10K"],
    [100_000, "10K<n<100K"],
    [1_000_000, "100K<n<1M"],
  ] as const;
  return bounds.find(([bound]) => rows < bound)?.[1] ?? "1M<n<10M";
}

function header({ licence, rows, title }: HubCard): readonly string[] {
  return [
    "---",
    `pretty_name: ${JSON.stringify(title)}`,
    `license: ${JSON.stringify(licence)}`,
    "task_categories:",
    "- text-generation",
    "tags:",
    "- agent",
    "- synthetic",
    "- agentrefine",
    "size_categories:",
    `- ${sizeCategory(rows)}`,
    "dataset_info:",
    "  features:",
    "  - name: id",
    "    dtype: string",
    "  - name: conversations",
    "    list:",
    "    - name: from",
    "      dtype: string",
    "    - name: loss",
    "      dtype: bool",
    "    - name: value",
    "      dtype: string",
    "  - name: persona_source",
    "    dtype: string",
    "  - name: persona_license",
    "    dtype: string",
    "configs:",
    "- config_name: default",
    "  data_files:",
    "  - split: train",
    "    path: data/train-*",
    "---",
  ];
}

/** A text in a table's cell or a list: on one line, and no mark-up of its own. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[|<>`\\]/g, "\\$&")
    .trim();
}

function errorTable(errorRuns: ErrorRunCounts): readonly string[] {
  const { trajectories, playerTurns, byLength } = errorRuns;
  return [
    `${trajectories} trajectories with ${playerTurns} player turns. Error turns in a row:`,
    "",
    "| in a row | times | error turns | share of player turns |",
    "|---|---|---|---|",
    ...RUN_LENGTHS.map(
      (length) =>
        `| ${cell(length)} | ${byLength[length].runs} | ${byLength[length].turns} | ${(shareOfTurns(errorRuns, length) * 100).toFixed(1)} % |`,
    ),
  ];
}

/** How each engine is to be trained with the data: as it is, or in another format made from it. */
function engineTable(): readonly string[] {
  return [
    "| engine | `NAME` | train on | settings |",
    "|---|---|---|---|",
    ...ENGINE_NAMES.map((name) => {
      const engine = ENGINES[name];
      const isObeyed = engineSettings(engine, "conversations") !== undefined;
      const format = isObeyed ? "conversations" : engine.use;
      const use = isObeyed ? "this data as it is" : `format \`${format}\``;
      return `| ${cell(engine.title)} | \`${name}\` | ${use} | ${cell(engineSettings(engine, format) ?? "")} |`;
    }),
  ];
}

/** How much of a text a sample shows, in characters. */
const SAMPLE_TEXT = 400;

/** A row as indented JSON, its longer texts and the middle of its conversation cut, in a block of code. */
function sampleLines(row: object): readonly string[] {
  const cut = (_key: string, value: unknown): unknown => {
    if (typeof value === "string" && value.length > SAMPLE_TEXT) return `${value.slice(0, SAMPLE_TEXT)}…`;
    return Array.isArray(value) ? value.slice(0, 4) : value;
  };
  // Four tildes: what models write may hold three of any kind.
  return ["~~~~json", ...JSON.stringify(row, cut, 2).toWellFormed().split("\n"), "~~~~"];
}

const CITATION: readonly string[] = [
  "```bibtex",
  "@inproceedings{fu2025agentrefine,",
  "  title={AgentRefine: Enhancing Agent Generalization through Refinement Tuning},",
  "  author={Dayuan Fu and Keqing He and Yejie Wang and Wentao Hong and Zhuoma Gongque and Weihao Zeng and Wei Wang and Jingang Wang and Xunliang Cai and Weiran Xu},",
  "  booktitle={International Conference on Learning Representations},",
  "  year={2025}",
  "}",
  "```",
];

/** The dataset card (README.md) of a data set on the Hugging Face hub. */
export function hubCard(card: HubCard): string {
  const { title, rows, model, settings, personas, errorRuns, sample } = card;
  return `${[
    ...header(card),
    "",
    `# ${cell(title)}`,
    "",
    "Refinement-tuning data in the manner of AgentRefine (ICLR 2025): a model plays a dungeon master and a player in a",
    "world made for a persona; the player makes mistakes, sees them in the observations and puts them right; every",
    "trajectory passed the verifier (Algorithm 1 of the paper).",
    "",
    "## Rows",
    "",
    `${rows} rows. \`id\` is the persona's; \`conversations\` alternates between \`human\` (instruction and observations)`,
    "and `gpt` (thought and action). `loss` is null for `human`, true for correct turns of `gpt` and false for error",
    "turns, which are context and must not be trained (Eq. 1). `persona_source` and `persona_license` tell where the",
    "persona comes from. The first one, its texts and its turns cut:",
    "",
    ...sampleLines(sample),
    "",
    "## Error turns",
    "",
    ...errorTable(errorRuns),
    "",
    "## Origin",
    "",
    `- written by: ${cell(model)}`,
    ...settings.map(([name, value]) => `- ${cell(name)}: ${cell(value)}`),
    `- personas: ${cell(personas.name)}, licence: ${cell(personas.licence)}`,
    "",
    "## Training",
    "",
    "Many engines read such rows and ignore `loss`; they then train on the error turns, which the paper's Table 2 shows",
    "to harm. In the folder of this data set,",
    "",
    "    agentrefine mix train.jsonl --agent . --engine NAME",
    "",
    "writes the format that an engine obeys, and refuses the others; the tokenised ones also need `--tokenizer DIR` and",
    "`--template NAME`, and `hf-disk` a name without an ending.",
    "",
    ...engineTable(),
    "",
    "## Citation",
    "",
    "The method is that of",
    "",
    ...CITATION,
  ].join("\n")}\n`;
}
