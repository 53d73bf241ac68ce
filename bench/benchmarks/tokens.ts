import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { costOf } from "../../src/model/money.ts";
import { synthesizeLive } from "../../src/synthesis/live.ts";
import { addCall, addSynthesis, EMPTY_TALLY, type Tally } from "../../src/synthesis/tally.ts";
import { soleTeam } from "../../src/synthesis/writers.ts";
import { SHARED } from "../../src/testing/shared.ts";
import { openTokenizer } from "../../src/tokens/text-tokenizer.ts";
import { readTokenizerFolder } from "../../src/tokens/tokenizer-folder.ts";
import { PAPER_FORM, type ReplyForm } from "../../src/trajectory/turn-wires.ts";
import { authorModel } from "../support/author-model.ts";
import { atMost, type Benchmark, type Goal, type Row } from "../support/benchmark.ts";
import { pending } from "../support/personas.ts";

/** What is done to buy fewer tokens. */
interface Arm {
  readonly name: string;
  /** Whether a reply is stopped at its first fault. */
  readonly isStopped?: boolean;
  /** Whether the model writes the paper's form without white space, as its prompt shows it. */
  readonly isDense?: boolean;
  readonly form: ReplyForm;
}

const COMPACT: ReplyForm = { ...PAPER_FORM, wire: "compact" };
const SPARSE: ReplyForm = { ...PAPER_FORM, wire: "sparse" };
const brief = (form: ReplyForm): ReplyForm => ({ ...form, briefDungeonMaster: true });

const DENSE = "the paper's form without white space";
const ARMS: readonly Arm[] = [
  { name: "the paper's protocol", form: PAPER_FORM },
  { name: DENSE, isDense: true, form: PAPER_FORM },
  { name: "stopping", isStopped: true, form: PAPER_FORM },
  { name: "compact", form: COMPACT },
  { name: "brief", form: brief(PAPER_FORM) },
  { name: "stopping, compact", isStopped: true, form: COMPACT },
  { name: "stopping, compact, brief", isStopped: true, form: brief(COMPACT) },
  { name: "stopping, sparse", isStopped: true, form: SPARSE },
  { name: "stopping, sparse, brief", isStopped: true, form: brief(SPARSE) },
];

/** Dollars for a million tokens, those of gpt-4o at the end of 2025. */
const PRICE = { prompt: 2.5, cachedPrompt: 1.25, completion: 10 };

type Count = (text: string) => number;

/** Counts with Mistral's tokenizer where it lies beside the project; else a token is four characters. */
async function counter(): Promise<{ readonly count: Count; readonly words: string }> {
  const folder = join(SHARED, "tokenizers", "mistral-v3");
  if (!existsSync(folder)) {
    return { count: (text) => Math.ceil(text.length / 4), words: "a token is taken for four characters" };
  }
  const tokenizer = openTokenizer(await readTokenizerFolder(folder));
  return { count: (text) => tokenizer.encode(text).length, words: "tokens are Mistral v0.3's" };
}

/** The JSON of a reply without its indentation and the spaces behind its colons. */
function withoutSpace(text: string): string {
  return text.replace(/\n +/g, "").replace(/": /g, '":');
}

/** The model as a client sees it that does as the arm says, with its tokens counted. */
function modelOf(arm: Arm, model: ChatModel, count: Count): ChatModel {
  const fixed = new Map<string, number>();
  return {
    name: model.name,
    async chat(request, options = {}) {
      const { stop, watch } = options;
      const reply = await model.chat(request, {
        ...(stop === undefined ? {} : { stop }),
        ...(arm.isStopped === true && watch !== undefined ? { watch } : {}),
      });
      const text = arm.isDense === true ? withoutSpace(reply.text) : reply.text;
      const [system, ...others] = request.messages.map(({ content }) => content);
      // The instruction is the same in every call, so that providers have it in their caches.
      const cachedTokens = fixed.get(system ?? "") ?? count(system ?? "");
      fixed.set(system ?? "", cachedTokens);
      const promptTokens = others.reduce((sum, content) => sum + count(content), cachedTokens);
      const usage = { promptTokens, cachedTokens, completionTokens: count(text), estimated: false };
      return { ...reply, text, usage };
    },
  };
}

async function tallyOfRun(model: ChatModel, form: ReplyForm, personas: number): Promise<Tally> {
  let tally = EMPTY_TALLY;
  const pause = await synthesizeLive([{ team: soleTeam(model, 64), personas: pending(personas) }], {
    maximumCalls: 4,
    errors: "refined",
    form,
    costOf: (usage) => costOf(PRICE, usage),
    stop: new AbortController().signal,
    keepCall: async (call) => {
      tally = addCall(tally, call);
    },
    keepSynthesis: async (record) => {
      tally = addSynthesis(tally, record);
    },
  });
  if (pause !== undefined) throw pause.error;
  return tally;
}

function tokensFor({ completionTokens, outcomes }: Tally): number {
  return completionTokens / outcomes.accepted;
}

function rowOf(name: string, tally: Tally, paper: Tally, dense: Tally): Row {
  const { outcomes, calls, promptTokens, cachedTokens, cost } = tally;
  return {
    name,
    figures: [
      tokensFor(tally),
      tokensFor(tally) / tokensFor(paper),
      tokensFor(tally) / tokensFor(dense),
      (outcomes.accepted / (outcomes.accepted + outcomes.rejected)) * 100,
      calls / outcomes.accepted,
      promptTokens / outcomes.accepted,
      (cachedTokens / promptTokens) * 100,
      cost === null ? null : (cost / outcomes.accepted) * 100,
    ],
  };
}

const RATES = [
  { factor: 1, words: "usual faults", limit: 0.75 },
  { factor: 2, words: "twice the faults", limit: 0.65 },
];

/** Output tokens for an accepted trajectory, by what is done to buy fewer. */
export const tokens: Benchmark = {
  name: "tokens",
  question:
    "How many output tokens does an accepted trajectory cost, against the paper's protocol, which reads replies in its form to their end?",
  async run({ quick, progress }) {
    const personas = quick ? 100 : 400;
    const { count, words: counted } = await counter();
    const rows: Row[] = [];
    const goals: Goal[] = [];
    for (const { factor, words, limit } of RATES) {
      const tallies = new Map<string, Tally>();
      for (const arm of ARMS) {
        progress(`${words}, ${arm.name}`);
        const model = modelOf(arm, authorModel(factor), count);
        tallies.set(arm.name, await tallyOfRun(model, arm.form, personas));
      }
      const [paper, dense] = [tallies.get("the paper's protocol"), tallies.get(DENSE)];
      if (paper === undefined || dense === undefined) throw new Error("an arm is missing");
      for (const [name, tally] of tallies) {
        rows.push(rowOf(`${words}, ${name}`, tally, paper, dense));
        if (!name.startsWith("stopping, ")) continue;
        goals.push(atMost(`${words}, ${name}`, tokensFor(tally) / tokensFor(paper), limit));
      }
    }
    return {
      method: `${personas} personas with the offline author, at most 4 calls each; ${counted}; all tokens of a run, those of rejected personas too, divided by its accepted trajectories. In the paper's form the author indents its scripts by one or two spaces and two of three of its games, as models do; the second column of shares is against replies without white space. Dollars are gpt-4o's ($2.50, cached $1.25, output $10 for a million), the instruction cached in every call.`,
      columns: [
        { title: "output tokens", digits: 0 },
        { title: "of the paper's", digits: 3 },
        { title: "of those without white space", digits: 3 },
        { title: "personas accepted %", digits: 1 },
        { title: "calls", digits: 2 },
        { title: "prompt tokens", digits: 0 },
        { title: "of them cached %", digits: 1 },
        { title: "US cents", digits: 2 },
      ],
      rows,
      goals,
      packages: [],
    };
  },
};
