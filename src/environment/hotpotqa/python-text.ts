// Texts as Python's own functions make them, where the original environment shows what came out of one.

const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ONE_SPACE = new RegExp(`[${SPACE}]`);
const BETWEEN = new RegExp(`[${SPACE}]+`);

/** Without the white space around it: `str.strip`. */
export function strip(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && ONE_SPACE.test(text[from] ?? "")) from += 1;
  while (to > from && ONE_SPACE.test(text[to - 1] ?? "")) to -= 1;
  return text.slice(from, to);
}

/** The words between white space: `str.split` without an argument. */
export function words(text: string): readonly string[] {
  return text.split(BETWEEN).filter((word) => word !== "");
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };
const UNPRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/gu;

function escaped(character: string): string {
  if (character === " ") return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code > 0xffff) return `\\U${hex.padStart(8, "0")}`;
  return ESCAPES[character] ?? (code > 0xff ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`);
}

/** A text as it stands in a program: `repr`. */
function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(UNPRINTABLE, escaped);
  return `${mark}${mark === "'" ? body.replaceAll("'", "\\'") : body}${mark}`;
}

/** A list of texts as Python prints it. */
export function printedList(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(", ")}]`;
}

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const ESCAPE =
  /\\(?:(?<octal>[0-7]{1,3})|x(?<byte>[0-9a-fA-F]{2})|u(?<short>[0-9a-fA-F]{4})|U(?<long>[0-9a-fA-F]{8})|(?<wrong>[xuUN]|$)|(?<other>[\s\S]))/g;

/** The bytes that the escapes in a text stand for; undefined where Python can read one, or keep one in a byte, not. */
function unescaped(bytes: string): string | undefined {
  let isReadable = true;
  const text = bytes.replace(ESCAPE, (whole, ...rest) => {
    const { octal, byte, short, long, wrong, other = "" } = rest.at(-1);
    const code = octal === undefined ? (byte ?? short ?? long) : Number.parseInt(octal, 8).toString(16);
    if (code !== undefined) {
      const value = Number.parseInt(code, 16);
      isReadable &&= value <= 0xff;
      return isReadable ? String.fromCharCode(value) : "";
    }
    isReadable &&= wrong === undefined;
    return SIMPLE[other] ?? whole;
  });
  return isReadable ? text : undefined;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A text whose backslashes were read as escapes and whose bytes as UTF-8 again. It stays as it is where that fails;
 * also where an escape stands for more than a byte, at which the original's program would end.
 */
export function withoutEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes = unescaped(Buffer.from(text, "utf8").toString("latin1"));
  if (bytes === undefined) return text;
  try {
    return UTF8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return text;
  }
}
