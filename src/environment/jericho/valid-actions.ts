import type { Game, Moment } from "./game.ts";
import type { Noise } from "./games.ts";
import { type Sentence, sentencesOf, THING } from "./listing/grammar.ts";
import { thingsInSight } from "./listing/things.ts";
import { mostCommon, rankOf, type Word, wordsOf } from "./listing/vocabulary.ts";

/** Actions that most games know. */
const BASIC = [
  "north",
  "south",
  "west",
  "east",
  "northwest",
  "southwest",
  "northeast",
  "southeast",
  "up",
  "down",
  "enter",
  "exit",
  "take all",
];

/** Jericho tries them after all sentences. */
const LAST = "~";

/** Verbs that speak to the program, or only look. */
const LEFT_OUT = new Set(
  `
    save restore restor restart restar quit q score script unscript unscri noscript verify version versio
    verbose verbos brief superbrief superb super full fullscore notify places objects pronouns nouns help
    hint hints info about credits license menu walkthrough walkthru transcript transcrip recording replay
    undo again g long short normal trace abstract purloin gonear showobj showverb tree scope random
    actions routines messages timers changes die oops $ve $verif # command
  `
    .trim()
    .split(/\s+/),
);
const ONLY_LOOKING = new Set(["examine", "examin", "x", "look", "l", "inventory", "invent", "i", "inv"]);

/** Verbs that speak to the program, and answer the story's questions too. */
const ANSWERS: ReadonlySet<string> = new Set(["yes", "no"]);

/** A sentence with the words chosen. */
type Template = readonly (string | typeof THING)[];

function countThings(template: Template): number {
  return template.filter((part) => part === THING).length;
}

/**
 * Sentences that do the same are one: of those with two things, all that do it, since each costs a try for every
 * pair; of the others, those that differ in the verb alone.
 */
function keyOf({ action, rest }: Sentence, chosen: Template): string {
  const isLong = countThings(chosen) === 2;
  return JSON.stringify([action, isLong ? rest.map((part) => part === THING).lastIndexOf(true) : chosen]);
}

/** Whether a list of numbers comes before another one: by its first number that is different. */
function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const place = one.findIndex((number, i) => number !== other[i]);
  return place >= 0 && (one[place] ?? 0) < (other[place] ?? 0);
}

/** What can be said, the sentences with fewer things first and then those with the more common verbs. */
function templatesOf(
  sentences: readonly Sentence[],
  words: readonly Word[],
  cutAt: number,
): readonly Template[] {
  const byVerb = new Map<number, string[]>();
  for (const { verb, text, isMeta } of words) {
    const isPlayed = verb >= 0 && (!isMeta || ANSWERS.has(text)) && !LEFT_OUT.has(text);
    if (isPlayed) byVerb.set(verb, [...(byVerb.get(verb) ?? []), text]);
  }
  const merged = new Map<string, { verb: string; rest: Template; ranks: readonly number[] }>();
  for (const sentence of sentences) {
    const verbs = byVerb.get(sentence.verb) ?? [];
    if (verbs.length === 0) continue;
    const rest: Template = sentence.rest.map((part) => (part === THING ? THING : mostCommon(part, cutAt)));
    const key = keyOf(sentence, rest);
    const known = merged.get(key);
    const verb = mostCommon(verbs, cutAt);
    const ranks = [verb, ...rest].map((word) => (word === THING ? 0 : rankOf(word, cutAt)));
    if (known === undefined || isBefore(ranks, known.ranks)) merged.set(key, { verb, rest, ranks });
  }
  return [...merged.values()]
    .filter(({ verb, rest }) => rest.length > 0 || !ONLY_LOOKING.has(verb))
    .map(({ verb, rest }) => ({ rank: rankOf(verb, cutAt), template: [verb, ...rest] }))
    .sort((a, b) => countThings(a.template) - countThings(b.template) || a.rank - b.rank)
    .map(({ template }) => template);
}

/** By what comes after the verb: fewer things first, then alphabetically, `OBJ` in the place of things. */
function orderOf(template: Template): string {
  return `${countThings(template)}${template.map((part) => part ?? "OBJ").join(" ")}`;
}

function fill(template: Template, things: readonly string[]): string {
  let next = 0;
  return template.map((part) => (part === THING ? things[next++] : part)).join(" ");
}

function withoutNoise(
  pairs: readonly number[],
  isNoise: (a: number, b: number) => boolean,
): readonly number[] {
  const kept: number[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [a = 0, b = 0] = [pairs[i], pairs[i + 1]];
    if (!isNoise(a, b)) kept.push(a, b);
  }
  return kept;
}

function isListed(list: readonly string[] = [], object: number, attribute: number): boolean {
  return [`${attribute}`, `${object}:${attribute}`, `${object}:*`].some((each) => list.includes(each));
}

/** What the last action changed, as a text to compare; empty when it changed nothing. */
function changesOf(
  { machine }: Game,
  noise: Noise,
  watched: readonly number[],
  before: readonly number[],
): string {
  const { moved, set, cleared } = machine.changes;
  const changes = [
    withoutNoise(moved, (object) => noise.moved?.includes(object) === true),
    withoutNoise(set, (object, attribute) => isListed(noise.set, object, attribute)),
    withoutNoise(cleared, (object, attribute) => isListed(noise.cleared, object, attribute)),
    watched.flatMap((address, i) =>
      machine.byte(address) === before[i] ? [] : [address, machine.byte(address)],
    ),
  ];
  return changes.every((each) => each.length === 0) ? "" : changes.join("|");
}

/** Instructions after which no more is tried: half a minute of a large game. Counted, so that a list stays the same. */
const MOST_INSTRUCTIONS = 600_000_000;

/** What a game says to an action, and whether it changes something. */
interface Attempt {
  readonly text: string;
  readonly isEffect: boolean;
}

/** An action that changes something, and where its sentence stands among those of an equally common verb. */
interface Effective {
  readonly action: string;
  readonly order: string;
}

/** Actions that were tried from one moment; those that change something are kept, by what they change. */
class Attempts {
  readonly byChange = new Map<string, Effective[]>();
  readonly #tried = new Map<string, Attempt>();
  readonly #game: Game;
  readonly #moment: Moment;
  readonly #watched: readonly number[];
  readonly #score: number;
  readonly #end: number;

  constructor(game: Game, moment: Moment) {
    this.#game = game;
    this.#moment = moment;
    this.#watched = (game.facts.watched ?? []).map((address) => game.machine.byte(address));
    this.#score = game.score;
    this.#end = game.machine.instructions + MOST_INSTRUCTIONS;
  }

  /** Tries an action. @param order of its sentence. Nothing when too much was tried already. */
  try(action: string, order: string): Attempt | undefined {
    const known = this.#tried.get(action);
    if (known !== undefined) return known;
    const game = this.#game;
    if (game.machine.instructions > this.#end) return undefined;
    game.goBack(this.#moment);
    const { text, score, won, lost } = game.step(action);
    const changes = changesOf(game, game.facts.noise ?? {}, game.facts.watched ?? [], this.#watched);
    const isEffect = changes !== "" || score !== this.#score || won || lost;
    const attempt = { text, isEffect };
    this.#tried.set(action, attempt);
    // What is taken on the way is a means of any action, so that all would seem to change something.
    if (isEffect && !text.includes("(Taken)")) {
      this.byChange.set(changes, [...(this.byChange.get(changes) ?? []), { action, order }]);
    }
    return attempt;
  }
}

/** What games say to a thing that a verb does not go with, whatever the other thing is. */
const REFUSAL =
  /can't use multiple objects|something animate|^\(first taking|^Which do you mean|can't see any such|isn't something you can|not something you can/;

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), ["", 0] as const)[0];
}

/**
 * Tries a sentence with two things. Most things are nothing to most verbs, and trying all pairs is what takes long: so
 * each thing is tried in either place with two others. Where one of the answers is neither a refusal nor the usual
 * one, names aside, it is tried there with all.
 */
function tryPairs(attempts: Attempts, template: Template, things: readonly string[]): void {
  const names = new Set(things.flatMap((thing) => thing.split(" ")));
  const sample = (one: string, other: string) => {
    const { text = "", isEffect = false } =
      attempts.try(fill(template, [one, other]), orderOf(template)) ?? {};
    const answer = text
      .split(/[^A-Za-z'-]+/)
      .filter((word) => !names.has(word.toLowerCase()))
      .join(" ");
    return { one, other, answer, isRefused: !isEffect && REFUSAL.test(text.trim()) };
  };
  const other = (place: number) => things[place % things.length] ?? "";
  const samples = things.flatMap((one, i) =>
    [1, 2]
      .filter((distance) => other(i + distance) !== one)
      .map((distance) => sample(one, other(i + distance))),
  );
  const usual = mostFrequent(samples.map(({ answer }) => answer));
  const odd = samples.filter(({ answer, isRefused }) => !isRefused && answer !== usual);
  const first = new Set(odd.map(({ one }) => one));
  const second = new Set(odd.map(({ other }) => other));
  for (const one of things) {
    for (const two of things) {
      if (one !== two && (first.has(one) || second.has(two)))
        attempts.try(fill(template, [one, two]), orderOf(template));
    }
  }
}

function trySentence(attempts: Attempts, template: Template, things: readonly string[]): void {
  const places = countThings(template);
  const order = orderOf(template);
  if (places === 0) attempts.try(template.join(" "), order);
  else if (places === 1) for (const thing of things) attempts.try(fill(template, [thing]), order);
  else if (places === 2) tryPairs(attempts, template, things);
}

/**
 * The actions that would change the world of a game now, in alphabetical order. The sentences of the game's grammar
 * are tried with the things in sight, as far as a bound on the work allows; of those that change the same, the one
 * with the most common verb is listed, and of those with the same verb the one that Jericho would try first.
 */
export function validActions(game: Game): readonly string[] {
  if (game.machine.waiting === "over") return [];
  const moment = game.remember();
  const cutAt = game.machine.story.version === 3 ? 6 : 9;
  const words = wordsOf(game.machine);
  const things = thingsInSight(game, moment, words);
  const attempts = new Attempts(game, moment);
  for (const action of BASIC) attempts.try(action, LAST);
  for (const template of templatesOf(sentencesOf(game.machine, words), words, cutAt)) {
    trySentence(attempts, template, things);
  }
  game.goBack(moment);
  const verbRank = ({ action }: Effective) => rankOf(action.split(" ")[0] ?? "", cutAt);
  const best = (actions: readonly Effective[]) =>
    actions.reduce((one, other) => {
      const difference = verbRank(other) - verbRank(one);
      return difference < 0 || (difference === 0 && other.order < one.order) ? other : one;
    });
  return [...attempts.byChange.values()].map((actions) => best(actions).action).sort();
}
