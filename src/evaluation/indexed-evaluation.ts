import { open, stat } from "node:fs/promises";
import { PROGRESS } from "../environment/suite.ts";
import { AgentRefineError, systemErrorCode } from "../errors.ts";
import type { CostOf } from "../model/money.ts";
import { journalLines } from "../runs/journal.ts";
import { runPaths } from "../runs/run-folder.ts";
import { type Episode, episodeSchema, episodesPath, isRepeated, keyText } from "./episode.ts";
import {
  type EpisodeLine,
  episodeLineSchema,
  NOTHING_SPENT,
  type Spending,
  spentWith,
} from "./episode-calls.ts";
import { type EpisodeResult, resultOf } from "./episode-result.ts";

/** Turns of an episode whose marks and values are kept. */
const MOST_TURNS = 400;
/** Damaged lines that are told of. */
const MOST_DAMAGE = 20;

/** Where a line of a file stands, in bytes. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** A finished episode without its texts, and where its record stands. */
export interface IndexedEpisode {
  /** From 1, in the order in which the episodes first ended: the number that `agentrefine show` gives it. */
  readonly number: number;
  readonly result: EpisodeResult;
  /**
   * Progress after each turn of the last trial, of very long ones the first turns only; none where none is measured.
   */
  readonly progress: readonly number[];
  /**
   * One letter for each turn of the last trial: `m` malformed, `x` not understood, `r` repeated, `i` irregular, `.` any
   * other.
   */
  readonly marks: string;
  readonly place: Place;
}

function marksOf({ trials }: Episode): string {
  const turns = trials.at(-1)?.turns.slice(0, MOST_TURNS) ?? [];
  const mark = (turn: (typeof turns)[number], place: number): string => {
    if (turn.malformed !== undefined) return "m";
    if (!turn.actionIsValid) return "x";
    if (isRepeated(turn, turns[place - 1])) return "r";
    return turn.irregular === undefined ? "." : "i";
  };
  return turns.map(mark).join("");
}

function progressOf({ scores, trials }: Episode): readonly number[] {
  if (scores[PROGRESS.name] === undefined) return [];
  const turns = trials.at(-1)?.turns.slice(0, MOST_TURNS) ?? [];
  return turns.map((turn) => turn.scores[PROGRESS.name] ?? PROGRESS.range[0]);
}

/** How far a file was read, and which file it was. */
interface ReadSoFar {
  readonly size: number;
  readonly lines: number;
  readonly file: number;
}

const UNREAD: ReadSoFar = { size: 0, lines: 0, file: -1 };

async function statusOf(path: string): Promise<{ readonly size: number; readonly ino: number }> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { size: 0, ino: -1 };
    throw error;
  }
}

/**
 * An evaluation of any size for reading: of each episode it holds the result, some numbers a turn and the place of the
 * record, of each call its cost and its place. It grows with the evaluation and is read anew when the evaluation is
 * another one. A line that cannot be read is told of and left out; nothing is ever written.
 */
export class IndexedEvaluation {
  readonly #directory: string;
  readonly #costOf: CostOf;
  #episodes = new Map<string, IndexedEpisode>();
  /** Lines of `calls.jsonl` beside the player's replies: of judges, of pages, of calls that broke. */
  #beside = new Map<string, Place[]>();
  #replies = new Map<string, number>();
  #spending: Spending = NOTHING_SPENT;
  #damage: string[] = [];
  #read = { episodes: UNREAD, calls: UNREAD };
  #refreshing: Promise<boolean> | undefined;

  /** `costOf` prices calls whose price was unknown when they were bought. Nothing is read before `refresh`. */
  constructor(directory: string, costOf: CostOf) {
    this.#directory = directory;
    this.#costOf = costOf;
  }

  /** The finished episodes; of one that was played again the last record counts, in the place of the first. */
  get episodes(): readonly IndexedEpisode[] {
    return [...this.#episodes.values()];
  }

  /** How many episodes have replies and have not ended. */
  get underWay(): number {
    let count = 0;
    for (const key of this.#replies.keys()) if (!this.#episodes.has(key)) count += 1;
    return count;
  }

  /** What all calls have cost, also those that broke and those of episodes that have not ended. */
  get spending(): Spending {
    return this.#spending;
  }

  /** Lines that could not be read, in words. */
  get damage(): readonly string[] {
    return this.#damage;
  }

  /** Changes whenever the evaluation has. */
  get version(): string {
    const { episodes, calls } = this.#read;
    return `${episodes.file}-${episodes.size}-${calls.size}`;
  }

  /** Takes in what was written since; gives whether anything was. Rejects when the disk refuses. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** The whole record of an episode. Throws AgentRefineError when it is no longer where it was. */
  async episode({ place }: IndexedEpisode): Promise<Episode> {
    const [record] = await this.#recordsAt(episodesPath(this.#directory), [place]);
    const read = episodeSchema.safeParse(record);
    if (read.success) return read.data;
    throw new AgentRefineError("the evaluation was changed while it was read", { fix: "Look again." });
  }

  /** What was asked in an episode beside the player's replies: verdicts, pages, and calls that broke. */
  async askedBeside({ result }: IndexedEpisode): Promise<readonly EpisodeLine[]> {
    const places = this.#beside.get(keyText(result)) ?? [];
    const records = await this.#recordsAt(runPaths(this.#directory).calls, places);
    return records.flatMap((record) => episodeLineSchema.safeParse(record).data ?? []);
  }

  async #recordsAt(path: string, places: readonly Place[]): Promise<readonly unknown[]> {
    if (places.length === 0) return [];
    const file = await open(path);
    try {
      const records: unknown[] = [];
      for (const { start, length } of places) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
        const text = buffer.toString("utf8", 0, bytesRead);
        try {
          records.push(JSON.parse(text));
        } catch {
          records.push(undefined);
        }
      }
      return records;
    } finally {
      await file.close();
    }
  }

  async #refresh(): Promise<boolean> {
    const before = this.version;
    const paths = { episodes: episodesPath(this.#directory), calls: runPaths(this.#directory).calls };
    const [episodes, calls] = await Promise.all([statusOf(paths.episodes), statusOf(paths.calls)]);
    const isOther = (now: typeof episodes, read: ReadSoFar): boolean =>
      now.size < read.size || (read.size > 0 && now.ino !== read.file);
    if (isOther(episodes, this.#read.episodes) || isOther(calls, this.#read.calls)) this.#forget();
    if (calls.size > this.#read.calls.size) await this.#readCalls(paths.calls, calls.ino);
    if (episodes.size > this.#read.episodes.size) await this.#readEpisodes(paths.episodes, episodes.ino);
    return this.version !== before;
  }

  #forget(): void {
    this.#episodes = new Map();
    this.#beside = new Map();
    this.#replies = new Map();
    this.#spending = NOTHING_SPENT;
    this.#damage = [];
    this.#read = { episodes: UNREAD, calls: UNREAD };
  }

  #note(file: string, line: number, problem: string): void {
    if (this.#damage.length < MOST_DAMAGE) this.#damage.push(`${file}: line ${line} ${problem}`);
  }

  async #readEpisodes(path: string, file: number): Promise<void> {
    const { size: from, lines } = this.#read.episodes;
    for await (const { number: line, start, length, record, problem } of journalLines(path, from)) {
      const read = episodeSchema.safeParse(record);
      if (read.success) {
        const key = keyText(read.data);
        const { number = this.#episodes.size + 1 } = this.#episodes.get(key) ?? {};
        this.#episodes.set(key, {
          number,
          result: resultOf(read.data),
          progress: progressOf(read.data),
          marks: marksOf(read.data),
          place: { start, length },
        });
      } else this.#note("episodes.jsonl", lines + line, problem ?? "is not an episode");
      this.#read.episodes = { size: start + length + 1, lines: lines + line, file };
    }
  }

  async #readCalls(path: string, file: number): Promise<void> {
    const { size: from, lines } = this.#read.calls;
    for await (const { number: line, start, length, record, problem } of journalLines(path, from)) {
      const read = episodeLineSchema.safeParse(record);
      if (read.success) this.#takeCall(read.data, { start, length });
      else this.#note("calls.jsonl", lines + line, problem ?? "is not a call");
      this.#read.calls = { size: start + length + 1, lines: lines + line, file };
    }
  }

  #takeCall(line: EpisodeLine, place: Place): void {
    this.#spending = spentWith(this.#spending, line, this.#costOf);
    const key = keyText(line);
    this.#replies.set(key, (this.#replies.get(key) ?? 0) + 1);
    if ("text" in line && line.by === undefined) return;
    const beside = this.#beside.get(key);
    if (beside === undefined) this.#beside.set(key, [place]);
    else beside.push(place);
  }
}
