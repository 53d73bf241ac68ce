import { trainingExample } from "../../dataset/training-example.ts";
import { AgentRefineError } from "../../errors.ts";
import { counted, share, wholeNumber } from "../../numbers.ts";
import { printable } from "../../printable.ts";
import { storedTrajectory } from "../../synthesis/read-run.ts";
import type { SynthesisRecord } from "../../synthesis/record.ts";
import { openJob, type TokenizeJob, tokenizeExamples } from "../../tokens/tokenize-example.ts";
import { supervisedSpans, type TokenSpan } from "../../tokens/tokenized-row.ts";
import { droppedWords } from "../export/written-lines.ts";
import type { Host } from "../terminal/host.ts";
import { hasColours, paintFor, tell } from "../terminal/text.ts";

/** A trajectory as the tokens that an engine is given. */
interface ShownTokens {
  readonly id: string;
  readonly template: string;
  readonly tokens: number;
  /** Tokens in the loss. */
  readonly supervised: number;
  /** Whether turns at the end were cut because of the limit of tokens. */
  readonly cut: boolean;
  readonly spans: readonly TokenSpan[];
}

/**
 * The tokens of an accepted trajectory. Throws AgentRefineError when it was not accepted, when an export would leave
 * it out, or when the tokenizer and the template do not go together.
 */
export async function tokensOf(record: SynthesisRecord, job: TokenizeJob): Promise<ShownTokens> {
  const { id, outcome } = record;
  const trajectory = outcome === "accepted" ? storedTrajectory(record) : undefined;
  const example = trajectory && trainingExample(id, trajectory);
  if (example === undefined) {
    throw new AgentRefineError(`${id} was ${outcome}, so none of its tokens is trained`, {
      fix: "Choose one that was accepted; `agentrefine show RUN --outcome accepted` lists them.",
    });
  }
  const settings = await openJob(job);
  const { value: tokenized } = await tokenizeExamples([example], settings).next();
  if (tokenized === undefined) throw new TypeError("an example gave nothing");
  if (tokenized.code === "dropped") {
    const why = droppedWords(tokenized.reason);
    throw new AgentRefineError(`${id} would be left out of an export: it is one ${why}`, {
      fix: "Choose another, or another --max-tokens or --template.",
    });
  }
  const spans = supervisedSpans(tokenized.row, settings.tokenizer);
  const count = (some: readonly TokenSpan[]): number => some.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    id,
    template: job.template,
    tokens: count(spans),
    supervised: count(spans.filter(({ isSupervised }) => isSupervised)),
    cut: tokenized.wasCut,
    spans,
  };
}

/** Writes the text of the tokens to stdout, what is trained in colour or between marks, and the counts to stderr. */
export async function writeTokens(shown: ShownTokens, maxTokens: number, host: Host): Promise<void> {
  const { stdout, stderr, env } = host;
  const isColoured = hasColours(stdout, env);
  const paint = paintFor(stdout, env);
  const text = shown.spans.map(({ text: piece, isSupervised }) => {
    const safe = printable(piece);
    if (isColoured) return paint(isSupervised ? "green" : "dim", safe);
    return isSupervised ? `⟦${safe}⟧` : safe;
  });
  stdout.write(`${text.join("")}\n`);
  await stdout.drained();
  const marks = isColoured ? "in green" : "between ⟦ and ⟧";
  const inLoss = `${wholeNumber(shown.supervised)} of them in the loss (${share(shown.supervised, shown.tokens)})`;
  tell(stderr, `${counted(shown.tokens, "token")}, ${inLoss}, ${marks}.`);
  if (shown.cut) tell(stderr, `Cut at a turn: the whole has more than ${wholeNumber(maxTokens)} tokens.`);
}
