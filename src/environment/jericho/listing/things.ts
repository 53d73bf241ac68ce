import type { Game, Moment } from "../game.ts";
import { CHILD, objectName, PARENT, relative, SIBLING } from "../zmachine/objects.ts";
import type { Word } from "./vocabulary.ts";

/** A name that a thing may be called by, and how well it fits: the higher, the better. */
interface Name {
  readonly text: string;
  readonly score: number;
}

/** Objects at the player's place, with what is in them; the player is not among them, but what they carry is. */
function objectsInSight({ machine, facts }: Game): readonly number[] {
  const place =
    facts.player === undefined
      ? machine.word(machine.story.globals)
      : relative(machine, facts.player, PARENT);
  const found = new Set<number>();
  const gather = (first: number) => {
    for (
      let object = first;
      object !== 0 && !found.has(object);
      object = relative(machine, object, SIBLING)
    ) {
      found.add(object);
      gather(relative(machine, object, CHILD));
    }
  };
  if (place !== 0) gather(relative(machine, place, CHILD));
  if (facts.player !== undefined) found.delete(facts.player);
  return [...found];
}

/** The last word of a name is what the thing is; those before say how it is, and the whole tells it from others. */
function namesOfObject(name: string): readonly Name[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9'-]+/)
    .filter((word) => word !== "");
  const single = words.map((text, i) => ({
    text,
    score: (i === words.length - 1 ? 1.1 : 0.1) - 0.01 * text.length,
  }));
  const whole = words.join(" ");
  return words.length > 1 ? [...single, { text: whole, score: 0.6 - 0.01 * whole.length }] : single;
}

/** Words that are in many dictionaries and name nothing. */
const NO_NAMES: ReadonlySet<string> = new Set(
  "a an another the of and or in on at to it its me my you your him her them all is are was be this that these those here there one two three four five six seven eight nine ten some no not can't from with by for out up down off over under into north south east west northeast northwest southeast southwest n s e w".split(
    " ",
  ),
);

/** Words that say how a thing is where another name follows at once; other words before a name are names as well. */
const ADJECTIVE =
  /(?:ous|ful|ish|ive|less|able|ible|ical|ed|ing|ern)$|^(?:small|large|big|little|tiny|huge|old|new|young|long|short|tall|high|low|wide|narrow|deep|thick|thin|dark|bright|light|dim|black|white|red|green|blue|yellow|brown|grey|gray|golden|wooden|open|closed|empty|full|heavy|clean|dirty|dusty|rusty|hot|cold|warm|wet|dry|front|back|left|right|upper|lower|main|other|same|strange|simple|plain|nice|good|bad|great|round|square|flat|sharp|strong|soft|hard|modern|ancient|solid|broken|massive|double|single|private|public|first|second|third|last|next|own|sturdy|heavy|fine|elegant|ugly|pretty|beautiful)$/;

/** Words of a text that name things, and those that say how such a thing is. */
function namesInText(text: string, isName: (word: string) => boolean): readonly Name[] {
  const words = text.toLowerCase().match(/[a-z0-9'-]+|[^a-z0-9'\s-]/g) ?? [];
  return words.flatMap((word, i) => {
    if (!isName(word)) return [];
    const isBefore = ADJECTIVE.test(word) && isName(words[i + 1] ?? "");
    return [{ text: word, score: (isBefore ? 0 : 1) - 0.01 * word.length }];
  });
}

/** What games say to a word that they do not know, or that names nothing here. */
const UNKNOWN =
  /can't see any|don't know the word|in a way that I don't understand|not something you need to refer|no such thing|doesn't know the word|isn't in the vocabulary|don't need to use the word|verb I recogni[sz]e|sentence isn't one/i;

/**
 * A name for each thing that can be referred to now, and `all`: words of the texts of look and inventory and of the
 * objects that are here, as far as the dictionary knows them. Names that are examined with the same words are one
 * thing's, of which the best is taken.
 */
export function thingsInSight(game: Game, moment: Moment, words: readonly Word[]): readonly string[] {
  const cutAt = game.machine.story.version === 3 ? 6 : 9;
  const nouns = new Set(words.filter(({ isNoun }) => isNoun).map(({ text }) => text));
  const isName = (word: string) => nouns.has(word.slice(0, cutAt)) && !NO_NAMES.has(word);
  const say = (action: string) => {
    game.goBack(moment);
    return game.step(action).text;
  };
  const names = [
    ...objectsInSight(game).flatMap((object) => namesOfObject(objectName(game.machine, object))),
    ...namesInText(`${say("look")}\n${say("inventory")}`, isName),
  ];
  const best = new Map<string, number>();
  for (const { text, score } of names) {
    if (text.split(" ").every(isName)) best.set(text, Math.max(score, best.get(text) ?? -1));
  }
  const byAnswer = new Map<string, string>();
  for (const [text, score] of [...best].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const answer = say(`examine ${text}`).trim();
    if (UNKNOWN.test(answer)) continue;
    const other = byAnswer.get(answer);
    if (other === undefined || score > (best.get(other) ?? 0)) byAnswer.set(answer, text);
  }
  game.goBack(moment);
  return [...byAnswer.values(), "all"];
}
