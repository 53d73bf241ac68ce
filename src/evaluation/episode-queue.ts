import type { PlannedEpisode } from "./play-episode.ts";

/** Episodes of a suite that have not begun, and how many are being played. */
interface Line {
  readonly most: number;
  readonly waiting: PlannedEpisode[];
  playing: number;
}

/**
 * Episodes in the order in which they are to be played, but that no suite has more worlds open at once than it bears:
 * while one is full, the next one's turn comes.
 */
export class EpisodeQueue {
  readonly #lines = new Map<string, Line>();
  #waking: (() => void)[] = [];

  constructor(episodes: readonly PlannedEpisode[]) {
    for (const episode of [...episodes].reverse()) {
      const { name, worldsAtOnce = Number.POSITIVE_INFINITY } = episode.suite;
      const line = this.#lines.get(name) ?? { most: Math.max(1, worldsAtOnce), waiting: [], playing: 0 };
      line.waiting.push(episode);
      // Taken from the end; the suites come in the order of their first episodes.
      this.#lines.delete(name);
      this.#lines.set(name, line);
    }
  }

  /** The next episode, when its suite has room; undefined when there is none left. */
  async take(): Promise<PlannedEpisode | undefined> {
    while (true) {
      const lines = [...this.#lines.values()].reverse().filter(({ waiting }) => waiting.length > 0);
      if (lines.length === 0) return undefined;
      const line = lines.find(({ playing, most }) => playing < most);
      const episode = line?.waiting.pop();
      if (line !== undefined && episode !== undefined) {
        line.playing += 1;
        return episode;
      }
      await new Promise<void>((resolve) => this.#waking.push(resolve));
    }
  }

  /** Makes room for the next episode of the same suite. */
  done({ suite }: PlannedEpisode): void {
    const line = this.#lines.get(suite.name);
    if (line !== undefined) line.playing -= 1;
    const waking = this.#waking;
    this.#waking = [];
    for (const wake of waking) wake();
  }
}
