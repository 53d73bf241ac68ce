import { AgentRefineError } from "../errors.ts";
import type { ProviderBatch } from "../model/batch/batch-service.ts";
import { parseFields } from "../model/call.ts";
import type { KeptFile } from "./batch-folder.ts";
import type { BatchRun } from "./batch-run.ts";
import type { BatchCopy, StandingBatch } from "./standing.ts";

/** How often files that hold less than was said are fetched until that is taken for all. */
const MOST_SHORT = 3;
/** How often something that no service writes is fetched until the run pauses. */
const MOST_UNREADABLE = 10;
/** How long an end without its files may be told of until the run pauses, in milliseconds. */
const MOST_UNNAMED = 3_600_000;

function noAnswers(problem: string): AgentRefineError {
  return new AgentRefineError(problem, {
    fix: "Look at the batch on the provider's page; what was bought is fetched at the next resume.",
  });
}

/** What files of answers were found to be. */
type Soundness = "sound" | "short" | "unreadable";

/**
 * Brings the answers of batches that have ended. What a file lacks would be asked, and paid, again, so it is taken only
 * when it holds what the service has said, or after several tries.
 */
export class Fetching {
  readonly #run: BatchRun;
  /** How often a batch's files were not what they should be, by the service's id. */
  readonly #unsound = new Map<string, number>();
  /** Since when a batch has ended without its files. */
  readonly #unnamed = new Map<string, number>();

  constructor(run: BatchRun) {
    this.#run = run;
  }

  /** Whether a batch that has ended does not name the file of its replies yet. */
  isUnnamed({ id, phase, replies = 0, files }: ProviderBatch): boolean {
    if (phase !== "ended" || replies === 0 || files.some(({ kind }) => kind === "output")) return false;
    const now = this.#run.options.clock.now();
    const since = this.#unnamed.get(id) ?? now;
    this.#unnamed.set(id, since);
    if (now - since > MOST_UNNAMED) {
      this.#run.halt.pauseFor(
        noAnswers(`${this.#run.service.name} says that ${id} has ${replies} replies, and gives none`),
      );
    }
    return true;
  }

  /** Brings the files of a batch's answers; whether they are here, and can be taken. */
  async fetch(batch: StandingBatch, copy: BatchCopy): Promise<boolean> {
    if (copy.ended === undefined) return false;
    if (copy.fetched !== undefined && (await this.#areHere(copy.fetched))) return true;
    const { folder, service } = this.#run;
    const place = batch.copies.indexOf(copy);
    const most = 4 * batch.bytes + batch.requests * 1024 * 1024;
    const files: KeptFile[] = [];
    for (const file of copy.ended.files) {
      const name = `${batch.batch}${place === 0 ? "" : `-${place + 1}`}.${file.kind}.jsonl`;
      files.push(await folder.keep(name, service.fetch(file), most));
    }
    const soundness = await this.#look(files, copy.ended.replies ?? 0);
    if (soundness !== "sound" && this.#isFetchedAgain(copy.id, soundness)) return false;
    await this.#run.keepEvent({ event: "fetched", batch: batch.batch, id: copy.id, files });
    return true;
  }

  async #areHere(files: readonly KeptFile[]): Promise<boolean> {
    for (const file of files) if (!(await this.#run.folder.holds(file))) return false;
    return true;
  }

  async #look(files: readonly KeptFile[], replies: number): Promise<Soundness> {
    const { service, folder } = this.#run;
    let [lines, readable, isTorn] = [0, 0, false];
    for (const { file } of files) {
      for await (const line of folder.lines(file)) {
        if (line.trim() === "") continue;
        lines += 1;
        if (service.readAnswer(line) !== undefined) readable += 1;
        isTorn = parseFields(line) === undefined;
      }
    }
    // What a program leaves that the user runs may be torn, and is all that there is.
    if (service.byHand !== undefined) return "sound";
    if (readable === 0 && (lines > 0 || replies > 0)) return "unreadable";
    return isTorn || readable < replies ? "short" : "sound";
  }

  #isFetchedAgain(id: string, soundness: Exclude<Soundness, "sound">): boolean {
    const { halt, note, service } = this.#run;
    const times = (this.#unsound.get(id) ?? 0) + 1;
    this.#unsound.set(id, times);
    if (soundness === "short") {
      const what = times < MOST_SHORT ? "they are fetched again" : "what is missing is asked again";
      if (times === 1 || times === MOST_SHORT)
        note(`The answers of ${id} are fewer than it has told; ${what}.`);
      return times < MOST_SHORT;
    }
    if (times < MOST_UNREADABLE) return true;
    halt.pauseFor(noAnswers(`${service.name} gave no answers of ${id} that can be read`));
    return true;
  }
}
