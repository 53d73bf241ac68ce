import { randomFor } from "../random.ts";
import { addDistractor, type Draft, type Family, freshName } from "./draft.ts";
import { fetchAndPlace, sortByLabel, unlock } from "./families/carry.ts";
import { inspectAndReport, measureAndCompare } from "./families/measure.ts";
import { followProcedure, processAndDeliver, repair } from "./families/work.ts";
import { chooseTheme } from "./themes.ts";
import { chooseWording } from "./wording.ts";
import type { World } from "./world.ts";
import { problemsOf } from "./world-problem.ts";

const FAMILIES: readonly Family[] = [
  fetchAndPlace,
  unlock,
  processAndDeliver,
  repair,
  inspectAndReport,
  followProcedure,
  measureAndCompare,
  sortByLabel,
];

/** Things of no use for the task, such as lie about everywhere. */
function addClutter(draft: Draft): void {
  const { random, theme } = draft;
  const nouns = random.shuffle(theme.objects).slice(0, 3 + random.integer(3));
  for (const noun of nouns) addDistractor(draft, random.chance(0.5) ? freshName(draft, noun) : noun);
}

function newWorld(seed: string, persona: string): World {
  const random = randomFor(seed, persona, "world");
  const theme = chooseTheme(persona, random);
  const { draft, task } = random.pick(FAMILIES)(theme, random);
  addClutter(draft);
  const { whole, core } = problemsOf(draft, task);
  const { random: _drawnFrom, ...building } = draft;
  return {
    ...building,
    seed,
    persona,
    task,
    core,
    problem: whole,
    describesStart: random.chance(0.6),
    wording: chooseWording(draft, task, randomFor(seed, persona, "wording")),
  };
}

/** How many worlds are kept: a persona's calls follow one another, among those of as many as are written at once. */
const KEPT = 128;
const kept = new Map<string, World>();

/** Makes the world of a persona, or finds it among the last ones; the same seed and persona always give the same one. */
export function makeWorld(seed: string, persona: string): World {
  const key = JSON.stringify([seed, persona]);
  const world = kept.get(key) ?? newWorld(seed, persona);
  kept.delete(key);
  kept.set(key, world);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return world;
}
