import { createInterface } from "node:readline/promises";
import { OFFLINE } from "../../config/run-settings.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import { HOSTED_SERVICES } from "../../model/providers.ts";
import { Interrupted } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import { TerminalStream } from "../terminal/progress.ts";
import { tell } from "../terminal/text.ts";

/** What is asked of who sets up a folder. */
export interface Answers {
  readonly config: GenerateConfig & { readonly model: string; readonly personas: string };
  /** The variable in which the key is looked for; undefined when none is needed. */
  readonly key?: string | undefined;
}

/** What holds where nothing is asked: everything can be tried without a key. */
export const WITHOUT_QUESTIONS: Answers = { config: { model: OFFLINE, personas: "personas.jsonl" } };

/** Asks until an answer can be read; an empty one is `usual`. */
type Ask = <Value>(
  question: string,
  usual: string,
  read: (answer: string) => Value | string,
) => Promise<Value>;

const WHO_WRITES = [
  "the built-in author, to try everything without a key",
  ...HOSTED_SERVICES.map(({ name }) => `a model of ${name}`),
  "a server of your own: vLLM, llama.cpp, a gateway",
];

/** An answer as it is; a text without any is asked for again. */
function someText(answer: string): { readonly text: string } | string {
  return answer === "" ? "Something must be given." : { text: answer };
}

function variable(answer: string): { readonly name?: string } | string {
  if (answer === "none" || answer === "") return {};
  return /^[A-Za-z_]\w*$/.test(answer) ? { name: answer } : "A variable is a name such as OPENAI_API_KEY.";
}

function budget(answer: string): { readonly maxCost?: number } | string {
  if (answer === "none") return {};
  const value = Number(answer.replace(/^\$/, ""));
  return answer !== "" && value >= 0 && Number.isFinite(value)
    ? { maxCost: value }
    : "Give dollars, such as 5, or none.";
}

async function askModel(ask: Ask): Promise<{
  readonly config: GenerateConfig & { readonly model: string };
  readonly key?: string | undefined;
}> {
  const last = WHO_WRITES.length;
  const chosen = await ask(`1 to ${last}`, "1", (answer) =>
    /^\d$/.test(answer) && Number(answer) >= 1 && Number(answer) <= last
      ? { number: Number(answer) }
      : `Give a number from 1 to ${last}.`,
  );
  if (chosen.number === 1) return { config: { model: OFFLINE } };
  const service = HOSTED_SERVICES[chosen.number - 2];
  const isOwn = service === undefined;
  const address = isOwn ? await ask("Address", "http://localhost:8000/v1", someText) : undefined;
  const { text: model } = await ask("Model", service?.model ?? "", someText);
  const { name: key } = await ask("Variable with the key", service?.key ?? "none", variable);
  const { maxCost } = isOwn ? {} : await ask("Dollars to spend at most", "none", budget);
  return {
    key,
    config: {
      model,
      ...(address === undefined ? {} : { baseUrl: address.text }),
      ...(key === undefined || key === service?.key ? {} : { apiKeyEnv: key }),
      ...(maxCost === undefined ? {} : { maxCost }),
    },
  };
}

/** Asks at a terminal who writes, with which key and for how much, and for the personas. */
export async function askQuestions(host: Host): Promise<Answers> {
  const { stderr } = host;
  const lines = createInterface({ input: host.stdin(), output: new TerminalStream(stderr) });
  const answers = lines[Symbol.asyncIterator]();
  lines.on("SIGINT", () => lines.close());
  const ask: Ask = async (question, usual, read) => {
    for (;;) {
      lines.setPrompt(`${question}${usual === "" ? "" : ` [${usual}]`}: `);
      lines.prompt();
      const { value, done } = await answers.next();
      if (done === true) {
        stderr.write("\n");
        throw new Interrupted();
      }
      const answer = read(String(value).trim() || usual);
      if (typeof answer !== "string") return answer;
      tell(stderr, answer);
    }
  };
  try {
    const choices = WHO_WRITES.map((words, place) => `  ${place + 1}  ${words}`);
    tell(stderr, ["Who writes the data?", ...choices].join("\n"));
    const { config, key } = await askModel(ask);
    tell(stderr, "Personas: JSON lines or one a line. Those of personas.jsonl come with agentrefine.");
    const { text: personas } = await ask("File with personas", WITHOUT_QUESTIONS.config.personas, someText);
    return { config: { ...config, personas }, key };
  } finally {
    lines.close();
  }
}

/** Asks at a terminal whether a file that is there may be replaced. */
export async function mayReplace(file: string, host: Host): Promise<boolean> {
  const lines = createInterface({ input: host.stdin(), output: new TerminalStream(host.stderr) });
  try {
    lines.setPrompt(`${file} is there and differs. Replace it? [no]: `);
    lines.prompt();
    const { value } = await lines[Symbol.asyncIterator]().next();
    return /^y(es)?$/i.test(String(value ?? "").trim());
  } finally {
    lines.close();
  }
}
