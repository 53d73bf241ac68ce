/** Verbs of players by how common they are, the most common first: of several that do the same, the first is listed. */
const COMMON: readonly string[] = `
  examine look north east west south take ask wait get put open down up push search read turn enter give
  talk drop out eat wear show climb throw hit pull listen touch close yes smell press jump tell load
  unlock stand go use shoot remove in cut break kiss sit move sing drink play think say tie dig pour kill
  sleep kick buy attack light consult wave pray point knock no clean rub dance burn fill shake wake blow
  attach hide call swim ride switch reach exit connect follow lick count see make plug ring type set lock
  write cast answer feel empty lift pick squeeze taste leave run walk insert swing hug adjust feed cross
  raise extinguish board to off on into
`
  .trim()
  .split(/\s+/);

const RANK: ReadonlyMap<string, number> = new Map(COMMON.map((verb, rank) => [verb, rank]));

/** How common a verb is: the lower, the more. A word that a game cuts short counts as the whole one. */
export function rankOf(verb: string, cutAt: number): number {
  const exact = RANK.get(verb);
  if (exact !== undefined) return exact;
  if (verb.length < cutAt) return COMMON.length;
  const found = COMMON.findIndex((each) => each.startsWith(verb));
  return found < 0 ? COMMON.length : found;
}

/** The most common of several words; the first of those that are equally so. */
export function mostCommon(words: readonly string[], cutAt: number): string {
  return words.reduce((best, word) => (rankOf(word, cutAt) < rankOf(best, cutAt) ? word : best));
}
