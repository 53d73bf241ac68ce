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
