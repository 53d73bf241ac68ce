import type { RowVectors } from "./matrix.ts";

/** How much each word weighs in each text; most weigh nothing, so that only the others are held. */
interface WordWeights {
  /** Texts. */
  readonly rows: number;
  /** Different words. */
  readonly columns: number;
  /** Where the words of each text begin in the two lists below, and where the last one's end. */
  readonly starts: Uint32Array;
  readonly words: Uint32Array;
  readonly weights: Float64Array;
}

/** Letters and digits, with an apostrophe inside; writing that has no spaces between words is taken by its signs. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)*/gu;

/**
 * The words of a text in small letters, in their order, numbers and words of one letter among them: `drawer 2` is
 * another place than `drawer 3`. No word is left out as too common and none is cut to its stem, so that nothing here
 * is for English alone; words that all texts have weigh little by themselves.
 */
export function wordsOf(text: string): readonly string[] {
  return text.normalize("NFC").toLowerCase().match(WORD) ?? [];
}

/** How often each word, by its number, is in a text; new words get the next number. */
function countWords(text: string, numbers: Map<string, number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const word of wordsOf(text)) {
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}

/** Some of the texts alone. */
function selected({ columns, starts, words, weights }: WordWeights, places: readonly number[]): WordWeights {
  const parts = places.map((place) => [starts[place] ?? 0, starts[place + 1] ?? 0] as const);
  const ends = new Uint32Array(places.length + 1);
  parts.forEach(([start, end], row) => {
    ends[row + 1] = (ends[row] ?? 0) + end - start;
  });
  const chosen = { words: new Uint32Array(ends.at(-1) ?? 0), weights: new Float64Array(ends.at(-1) ?? 0) };
  parts.forEach(([start, end], row) => {
    chosen.words.set(words.subarray(start, end), ends[row]);
    chosen.weights.set(weights.subarray(start, end), ends[row]);
  });
  return { rows: places.length, columns, starts: ends, ...chosen };
}

function wordVectors(all: WordWeights): RowVectors {
  const { rows, columns, starts, words, weights } = all;
  return {
    rows,
    columns,
    select: (places) => wordVectors(selected(all, places)),
    row: (place) => {
      const vector = new Float64Array(columns);
      for (let i = starts[place] ?? 0; i < (starts[place + 1] ?? 0); i += 1)
        vector[words[i] ?? 0] = weights[i] ?? 0;
      return vector;
    },
    times: (vector) =>
      Float64Array.from({ length: rows }, (_value, row) => {
        let sum = 0;
        for (let i = starts[row] ?? 0; i < (starts[row + 1] ?? 0); i += 1)
          sum += (weights[i] ?? 0) * (vector[words[i] ?? 0] ?? 0);
        return sum;
      }),
    transposedTimes: (vector) => {
      const sum = new Float64Array(columns);
      for (let row = 0; row < rows; row += 1)
        for (let i = starts[row] ?? 0; i < (starts[row + 1] ?? 0); i += 1) {
          const word = words[i] ?? 0;
          sum[word] = (sum[word] ?? 0) + (weights[i] ?? 0) * (vector[row] ?? 0);
        }
      return sum;
    },
  };
}

/**
 * TF-IDF: a word weighs `1 + ln(times in the text)`, times `1 + ln((1 + texts) / (1 + texts with it))`, and every
 * text has length 1, so that a scalar product is the cosine of the angle between two texts. The frequency is taken
 * sublinear because thoughts are short: one that says "the red box" three times is not three times as much about it.
 */
export function tfIdf(texts: readonly string[]): RowVectors {
  const numbers = new Map<string, number>();
  const counted = texts.map((text) => countWords(text, numbers));
  const textsWith = new Uint32Array(numbers.size);
  for (const counts of counted)
    for (const word of counts.keys()) textsWith[word] = (textsWith[word] ?? 0) + 1;
  const starts = new Uint32Array(texts.length + 1);
  counted.forEach((counts, row) => {
    starts[row + 1] = (starts[row] ?? 0) + counts.size;
  });
  const total = starts[texts.length] ?? 0;
  const [words, weights] = [new Uint32Array(total), new Float64Array(total)];
  counted.forEach((counts, row) => {
    const start = starts[row] ?? 0;
    let [place, squares] = [start, 0];
    for (const [word, count] of counts) {
      const rarity = 1 + Math.log((1 + texts.length) / (1 + (textsWith[word] ?? 0)));
      const weight = (1 + Math.log(count)) * rarity;
      words[place] = word;
      weights[place] = weight;
      squares += weight * weight;
      place += 1;
    }
    const length = Math.sqrt(squares);
    for (let i = start; i < place; i += 1) weights[i] = (weights[i] ?? 0) / length;
  });
  return wordVectors({ rows: texts.length, columns: numbers.size, starts, words, weights });
}
