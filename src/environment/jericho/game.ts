import type { Cleaning, GameFacts } from "./games.ts";
import { signed } from "./zmachine/definition.ts";
import { Machine, type Snapshot, type Waiting } from "./zmachine/machine.ts";
import type { Story } from "./zmachine/story.ts";

/** What a game says to an action, cleaned as Jericho does, and what it stands at then. */
export interface Answer {
  readonly text: string;
  readonly won: boolean;
  readonly lost: boolean;
  readonly score: number;
  readonly moves: number;
}

/** A game at a moment, to go back to. */
export interface Moment {
  readonly machine: Snapshot;
  readonly waiting: Waiting;
  readonly shownScore: number;
}

const HALTED = "Emulator halted due to runtime error.\n";
/** Longer actions are cut, as Jericho cuts them. In bytes. */
const LONGEST_ACTION = 198;

/** Cuts a text at a mark as C does: where there is no room before the mark, nothing is cut. */
function clean(text: string, cleaning: Cleaning): string {
  if (cleaning === "after-first-line") return text.slice(text.indexOf("\n") + 1);
  const { mark, before, first } = cleaning;
  const end = text.indexOf(mark) - before;
  return text.includes(mark) && end >= first ? text.slice(first, end) : text.slice(first);
}

/** A game as Jericho plays it. */
export class Game {
  readonly facts: GameFacts;
  readonly machine: Machine;
  /** The score by the last status line, of games whose score is read there. */
  #shownScore = 0;

  constructor(story: Story, facts: GameFacts, seed: number = facts.seed) {
    this.facts = facts;
    this.machine = new Machine(story, seed);
  }

  /** Runs the game to its first question. Called once. */
  start(): Answer {
    this.machine.run();
    for (const line of this.facts.intro ?? []) this.machine.answer(line);
    return this.#answer();
  }

  /** Gives an action to the game, whatever text it is. */
  step(action: string): Answer {
    if (this.machine.waiting === "over") {
      return { text: HALTED, won: false, lost: true, score: this.#score(false), moves: this.#moves() };
    }
    this.machine.forgetChanges();
    // The game gets the bytes of UTF-8 one by one, and only one line.
    const bytes = Buffer.from(action.replace(/[\r\n]/g, " "), "utf8").subarray(0, LONGEST_ACTION);
    this.machine.answer(bytes.toString("latin1"));
    return this.#answer();
  }

  #answer(): Answer {
    const { win, loss, cleaning, score } = this.facts;
    const shown = this.machine.screen.take();
    if (score === "shown")
      this.#shownScore = -(Number.parseInt(shown.slice(shown.lastIndexOf(":") + 1), 10) || 0);
    const text = clean(shown, cleaning);
    const won = text.includes(win);
    return {
      text,
      won,
      lost: this.machine.waiting === "over" || text.includes(loss),
      score: this.#score(won),
      moves: this.#moves(),
    };
  }

  /** The score that the game stands at. */
  get score(): number {
    return this.#score(false);
  }

  #score(won: boolean): number {
    const { score } = this.facts;
    if (score === "victory") return won ? 1 : 0;
    if (score === "shown") return this.#shownScore;
    if (score.bytes === 1) return this.machine.byte(score.address);
    return signed(this.machine.word(score.address));
  }

  #moves(): number {
    return this.machine.word(this.facts.moves) - (this.facts.movesAtStart ?? 0);
  }

  /** The game as it is now. */
  remember(): Moment {
    const { machine } = this;
    return { machine: machine.snapshot(), waiting: machine.waiting, shownScore: this.#shownScore };
  }

  /** Goes back to a moment. */
  goBack({ machine, waiting, shownScore }: Moment): void {
    this.machine.restore(machine, waiting);
    this.#shownScore = shownScore;
  }
}
