import { Game } from "../../src/environment/jericho/game.ts";
import { GAMES } from "../../src/environment/jericho/games.ts";
import { validActions } from "../../src/environment/jericho/valid-actions.ts";
import { hasRecordings } from "../../src/environment/testing/recordings.ts";
import { atLeast, type Benchmark, notMeasured, type Row } from "../support/benchmark.ts";
import { clockWork } from "../support/work.ts";
import { recorded, type Stored, storedGames } from "./jericho-games.ts";

const RECALL = 0.9;
const PRECISION = 0.8;
/** CPU seconds of lists after which a game's further states are left out. */
const PATIENCE = 240;

interface Listing {
  readonly game: string;
  readonly seed: number;
  readonly actions: readonly string[];
  readonly states: readonly { readonly after: number; readonly valid_actions_sorted?: readonly string[] }[];
}

/** How many actions of two lists are the same, in what they do and in words, and how long ours took. */
interface Agreement {
  readonly theirs: number;
  readonly ours: number;
  readonly words: number;
  /** Of theirs, those that have one of ours with the same effect, and the other way round. */
  readonly recalled: number;
  readonly precise: number;
  readonly cpu: number;
}

function effectOf(game: Game, action: string): string {
  const moment = game.remember();
  const { score, won, lost } = game.step(action);
  const effect = JSON.stringify([game.machine.changes, score, won, lost]);
  game.goBack(moment);
  return effect;
}

async function agreementOf(game: Game, theirs: readonly string[]): Promise<Agreement> {
  let ours: readonly string[] = [];
  const { cpu } = await clockWork(() => {
    ours = validActions(game);
  });
  const effects = (actions: readonly string[]) => actions.map((action) => effectOf(game, action));
  const [theirEffects, ourEffects] = [effects(theirs), effects(ours)];
  return {
    theirs: theirs.length,
    ours: ours.length,
    words: theirs.filter((action) => ours.includes(action)).length,
    recalled: theirEffects.filter((effect) => ourEffects.includes(effect)).length,
    precise: ourEffects.filter((effect) => theirEffects.includes(effect)).length,
    cpu,
  };
}

/** Lists the actions in the recorded states of a game and holds the lists against Jericho's. */
async function compareGame(
  { facts, story }: Stored,
  listing: Listing,
  progress: (note: string) => void,
): Promise<readonly Agreement[]> {
  const game = new Game(story, facts, listing.seed);
  game.start();
  let [done, spent] = [0, 0];
  const agreements: Agreement[] = [];
  for (const { after, valid_actions_sorted: theirs } of listing.states) {
    for (; done < after; done += 1) game.step(listing.actions[done] ?? "");
    if (theirs === undefined) continue;
    if (spent > PATIENCE * 1000) break;
    const agreement = await agreementOf(game, theirs);
    agreements.push(agreement);
    spent += agreement.cpu;
    const { recalled, precise, ours, cpu } = agreement;
    progress(
      `${facts.file} after ${after}: ${recalled} of ${theirs.length} found, ${precise} of ${ours} are theirs, ${(cpu / 1000).toFixed(1)} CPU s`,
    );
  }
  return agreements;
}

function rowOf(name: string, agreements: readonly Agreement[]): Row {
  const sum = (part: keyof Agreement) => agreements.reduce((total, each) => total + each[part], 0);
  const slowest = Math.max(...agreements.map(({ cpu }) => cpu)) / 1000;
  const { theirs, ours } = { theirs: Math.max(1, sum("theirs")), ours: Math.max(1, sum("ours")) };
  const shares = [
    sum("recalled") / theirs,
    sum("precise") / ours,
    sum("words") / theirs,
    sum("words") / ours,
  ];
  return { name, figures: [...shares, slowest, agreements.length] };
}

/** What `check valid actions` lists in Jericho's games. */
export const jerichoLists: Benchmark = {
  name: "jericho-lists",
  question: "How do our lists of valid actions agree with Jericho's own, and how long do they take?",
  async run({ quick, progress }) {
    const folder = process.env.AGENTREFINE_JERICHO;
    if (!hasRecordings || folder === undefined) {
      return notMeasured("the recordings in ../shared/parity and the games that AGENTREFINE_JERICHO names");
    }
    const listings = recorded<Listing>("valid-actions");
    const named = quick ? ["detective"] : process.env.AGENTREFINE_GAMES?.split(",");
    const games = storedGames(GAMES, folder).filter(({ facts }) => named?.includes(facts.name) ?? true);
    const rows: Row[] = [];
    const all: Agreement[] = [];
    for (const stored of games) {
      const { file } = stored.facts;
      const listing = listings.find(({ game }) => game === file);
      if (listing === undefined) continue;
      const agreements = await compareGame(stored, listing, progress);
      const row = rowOf(file, agreements);
      const [recall, precision] = row.figures;
      progress(`${file}: recall ${Number(recall).toFixed(3)}, precision ${Number(precision).toFixed(3)}`);
      all.push(...agreements);
      rows.push(row);
    }
    const whole = rowOf("all", all);
    return {
      method: `Valid actions in ${all.length} recorded states, held against Jericho's lists: an action is found when one of ours does the same (objects moved, attributes, score, end). By words counts those that are spelt the same, which Jericho itself does not do from one run to the next. A game whose lists take longer than ${PATIENCE} CPU seconds in all has fewer states.`,
      columns: [
        { title: "recall", digits: 3 },
        { title: "precision", digits: 3 },
        { title: "recall by words", digits: 3 },
        { title: "precision by words", digits: 3 },
        { title: "CPU s of the slowest", digits: 1 },
        { title: "states", digits: 0 },
      ],
      rows: [...rows, whole],
      goals: [
        atLeast("recall by effect", Number(whole.figures[0]), RECALL),
        atLeast("precision by effect", Number(whole.figures[1]), PRECISION),
      ],
      packages: [],
    };
  },
};
