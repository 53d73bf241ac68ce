/** Words with a full stop that ends no sentence. */
const ABBREVIATIONS = new Set(
  (
    "dr mr mrs ms prof st jr sr rev hon gen col lt sgt capt cmdr adm maj gov sen rep pres mt ft " +
    "no nos vol pp fig ed eds trans dept univ assn bros inc ltd co corp vs ca approx est b d r fl " +
    "jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e cf etc al op"
  ).split(" "),
);
const END = /[.!?]["”’»)\]]*\s+(?=["“‘«([]?[\p{Lu}\p{N}])/gu;

/** Whether the full stop at the end of a text belongs to an abbreviation or an initial. */
function endsShort(text: string): boolean {
  const word = /([\p{L}.]+)\.["”’»)\]]*\s+$/u.exec(text)?.[1];
  if (word === undefined) return false;
  return ABBREVIATIONS.has(word.toLowerCase()) || /^\p{Lu}(?:\.\p{L})*$/u.test(word);
}

/** The sentences of a paragraph; abbreviations such as `St.`, initials and `U.S.` end none. */
export function splitSentences(paragraph: string): readonly string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const { index, 0: end } of paragraph.matchAll(END)) {
    const to = index + end.length;
    if (endsShort(paragraph.slice(Math.max(from, to - 40), to))) continue;
    sentences.push(paragraph.slice(from, to).trim());
    from = to;
  }
  sentences.push(paragraph.slice(from).trim());
  return sentences.filter((sentence) => sentence !== "");
}
