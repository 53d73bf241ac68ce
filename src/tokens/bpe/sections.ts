/** Turns the stretches of a text between special tokens, its sections, into token ids. */
export interface SectionEncoder {
  /**
   * Appends the ids of a section that is not empty.
   *
   * @param isFirst whether the text that is encoded begins with it
   */
  encode(section: string, isFirst: boolean, ids: number[]): void;
  /**
   * Whether it is certain that the ids of a section `left + right` are those of `left` followed by those of `right`
   * as the beginning of a text of its own. `left` is empty where `right` stands after a special token.
   */
  joins(left: string, right: string): boolean;
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
}

/** An encoder of whole texts, which may hold added tokens. */
export interface TextEncoding {
  encode(text: string): readonly number[];
  /**
   * Whether it is certain that the ids of the parts are the ids of their whole text. When it is not, they may be all
   * the same: then the whole has to be encoded and compared.
   */
  joins(parts: readonly string[]): boolean;
}

/** A stretch of a text before, between or after added tokens. */
interface Section {
  readonly begin: number;
  readonly end: number;
  /** The added token that ends it; empty at the end of the text. */
  readonly token: string;
}

/** The sections of a text in order, also the empty ones. */
function sectionsOf(text: string, added: RegExp): readonly Section[] {
  const sections: Section[] = [];
  let begin = 0;
  // Not matchAll, which makes a regular expression of its own for each text: with hundreds of tokens that takes longer
  // than to find them.
  added.lastIndex = 0;
  for (let match = added.exec(text); match !== null; match = added.exec(text)) {
    sections.push({ begin, end: match.index, token: match[0] });
    begin = added.lastIndex;
  }
  return [...sections, { begin, end: text.length, token: "" }];
}

/**
 * Encodes texts section by section. An added token is found before anything else is looked at, so the sections
 * between added tokens are encoded independently.
 *
 * @param added matches every added token, the longest first, globally
 */
export function sectionEncoding(
  encoder: SectionEncoder,
  tokens: readonly AddedToken[],
  added: RegExp,
): TextEncoding {
  const idOf = new Map(tokens.map(({ content, id }) => [content, id]));
  return {
    encode(text) {
      const ids: number[] = [];
      for (const { begin, end, token } of sectionsOf(text, added)) {
        if (end > begin) encoder.encode(text.slice(begin, end), begin === 0, ids);
        const id = idOf.get(token);
        if (id !== undefined) ids.push(id);
      }
      return ids;
    },
    joins(parts) {
      const text = parts.join("");
      const sections = sectionsOf(text, added);
      let place = 0;
      let begin = 0;
      return parts.every((part) => {
        const border = begin + part.length;
        // The section in which the border is, or that begins or ends there.
        while ((sections[place]?.end ?? text.length) < border) place += 1;
        const section = sections[place];
        // A token reaches over the border.
        if (section === undefined || section.begin > border) return false;
        const left = text.slice(Math.max(begin, section.begin), border);
        const right = text.slice(border, section.end);
        begin = border;
        return right === "" || encoder.joins(left, right);
      });
    },
  };
}
