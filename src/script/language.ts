/** A finite set of texts, described so that a grammar and a regular expression can be written of it. */
export type Language =
  | { readonly kind: "text"; readonly text: string }
  /** One character of these. */
  | { readonly kind: "character"; readonly of: ReadonlySet<string> }
  | { readonly kind: "sequence"; readonly parts: readonly Language[] }
  | { readonly kind: "choice"; readonly options: readonly Language[] }
  | { readonly kind: "repeat"; readonly part: Language; readonly least: number; readonly most: number };

export function textOf(text: string): Language {
  return { kind: "text", text };
}

/** A choice; of one option it is that one. */
export function choiceOf(options: readonly Language[]): Language {
  const [only, ...others] = options;
  return only !== undefined && others.length === 0 ? only : { kind: "choice", options };
}

/** How large a language is: at least the characters of its longest text, and as many as a grammar repeats. */
export function sizeOf(language: Language): number {
  switch (language.kind) {
    case "text":
      return language.text.length;
    case "character":
      return 1;
    case "sequence":
      return language.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case "choice":
      return language.options.reduce((sum, option) => sum + sizeOf(option), 0);
    case "repeat":
      return language.most * sizeOf(language.part);
  }
}

const PLAIN = /^[A-Za-z0-9]$/;

/** A character inside the brackets of a class, as grammars and regular expressions read it alike. */
function inClass(character: string): string {
  return PLAIN.test(character)
    ? character
    : `\\x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function classText(of: ReadonlySet<string>): string {
  return `[${[...of].map(inClass).join("")}]`;
}

/** A text as a grammar (GBNF) writes it, inside a string of JSON. */
function grammarText(text: string): string {
  return JSON.stringify(JSON.stringify(text).slice(1, -1));
}

/** A language in GBNF, for the inside of a string of JSON. */
export function languageInGrammar(language: Language): string {
  switch (language.kind) {
    case "text":
      return grammarText(language.text);
    case "character":
      return classText(language.of);
    case "sequence":
      return language.parts.length === 0 ? '""' : language.parts.map(languageInGrammar).join(" ");
    case "choice":
      return `(${language.options.map(languageInGrammar).join(" | ")})`;
    case "repeat":
      return `(${languageInGrammar(language.part)}){${language.least},${language.most}}`;
  }
}

/** Whether a text stands in JSON as it is. */
function isPlain(text: string): boolean {
  return JSON.stringify(text) === `"${text}"`;
}

/** Whether every text of a language stands in JSON as it is, as a pattern in a JSON Schema may have to assume. */
export function isPlainLanguage(language: Language): boolean {
  switch (language.kind) {
    case "text":
      return isPlain(language.text);
    case "character":
      return [...language.of].every(isPlain);
    case "sequence":
      return language.parts.every(isPlainLanguage);
    case "choice":
      return language.options.every(isPlainLanguage);
    case "repeat":
      return isPlainLanguage(language.part);
  }
}

/** A language as a regular expression without anchors. */
export function languageInRegex(language: Language): string {
  switch (language.kind) {
    case "text":
      return language.text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    case "character":
      return classText(language.of);
    case "sequence":
      return language.parts.map(languageInRegex).join("");
    case "choice":
      return `(${language.options.map(languageInRegex).join("|")})`;
    case "repeat":
      return `(${languageInRegex(language.part)}){${language.least},${language.most}}`;
  }
}
