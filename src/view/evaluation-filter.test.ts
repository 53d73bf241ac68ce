import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ENDINGS } from "../agent/agent.ts";
import type { IndexedEpisode } from "../evaluation/indexed-evaluation.ts";
import { measuresOf } from "../evaluation/metrics/scores.ts";
import { someResult } from "../evaluation/testing/some-result.ts";
import { EPISODE_VALUES, filterEpisodes, readEpisodeFilter, TURN_KINDS } from "./evaluation-filter.ts";
import { link } from "./link.ts";

function indexed(number: number, result: Parameters<typeof someResult>[0]): IndexedEpisode {
  return { number, result: someResult(result), progress: [], marks: "", place: { start: 0, length: 0 } };
}

const episodes = [
  indexed(1, { task: "open/1", group: "open", success: true, progress: 1, turns: 4, validActions: 4 }),
  indexed(2, {
    task: "close/1",
    group: "close",
    progress: 0.5,
    turns: 9,
    validActions: 9,
    repeatedActions: 3,
  }),
  indexed(3, { task: "open/2", group: "open", turns: 9, validActions: 7, formatErrors: 1, cost: null }),
  indexed(4, {
    suite: "pddl",
    task: "p",
    ending: "world-failed",
    reason: "no Java",
    turns: 0,
    validActions: 0,
  }),
];

function shown(query: Record<string, string>): readonly number[] {
  return filterEpisodes(
    episodes.map((episode) => ({
      episode,
      measures: measuresOf([episode.result]),
      said: { tags: episode.number === 2 ? ["good"] : [], thumbs: [] },
    })),
    readEpisodeFilter(query),
  ).map(({ episode }) => episode.number);
}

describe("a filter of episodes", () => {
  test.each([
    [{}, [1, 2, 3, 4]],
    [{ q: "OPEN" }, [1, 3]],
    [{ q: "java" }, [4]],
    [{ suite: "pddl" }, [4]],
    [{ group: "open", sort: "-number" }, [3, 1]],
    [{ ending: "success" }, [1]],
    [{ having: "malformed" }, [3]],
    [{ having: "not understood" }, [3]],
    [{ having: "repeated" }, [2]],
    [{ tag: "good" }, [2]],
    [{ thumbs: "up" }, []],
    [{ sort: "-turns" }, [2, 3, 1, 4]],
    [{ sort: "last" }, [3, 4, 2, 1]],
    [{ sort: "-cost" }, [1, 2, 4, 3]],
    [{ ending: "nonsense", sort: "nonsense", page: "x" }, [1, 2, 3, 4]],
  ])("%j shows %j", (query, numbers) => {
    expect(shown(query)).toEqual(numbers);
  });

  test("is read from the address that it gives", () => {
    const word = fc.string({ minLength: 1 });
    const option = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });
    const any = fc.record({
      q: option(word),
      suite: option(word),
      group: option(word),
      ending: option(fc.constantFrom(...ENDINGS)),
      having: option(fc.constantFrom(...TURN_KINDS)),
      tag: option(word),
      thumbs: option(fc.constantFrom("up", "down")),
      sort: option(fc.constantFrom(...Object.keys(EPISODE_VALUES).flatMap((each) => [each, `-${each}`]))),
      page: option(fc.integer({ min: 1, max: 999 }).map(String)),
    });
    fc.assert(
      fc.property(any, (given) => {
        const filter = readEpisodeFilter(given);
        const { searchParams } = new URL(link(["x"], filter), "http://x");
        expect(readEpisodeFilter(Object.fromEntries(searchParams))).toEqual(filter);
      }),
    );
  });
});
