/** One form of action in the world's words and in other words; `{0}`, `{1}`… stand for its objects. */
export interface Rewording {
  readonly from: string;
  readonly to: string;
}

/** Texts said in other words, and actions in the other words said back. */
export interface Reworder {
  show(text: string): string;
  /** Undefined for an action in the old words. */
  read(action: string): string | undefined;
}

const GAP = /\{(\d)\}/;
/** A placeholder of an instruction, such as `{object} {number}`. */
const PLACEHOLDER = "\\{[^{}]+\\}(?: \\{[^{}]+\\})*";

/** A form cut into words and the numbers of its objects, which stand at the odd places. */
function piecesOf(form: string): readonly string[] {
  return form.trim().replace(/\.$/, "").split(GAP);
}

/** The pattern of a form; its groups are named for the object and the form, as a name may stand only once. */
function patternOf(form: string, object: string, number: number): string {
  const body = piecesOf(form).map((piece, place) =>
    place % 2 === 0
      ? piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", " +")
      : `(?<f${number}o${piece}>${object})`,
  );
  return `(?<f${number}>(?<![\\w-])${body.join("")}(?![\\w-]))`;
}

/** The named groups that took part in a match. */
function groupsOf(value: unknown): ReadonlyMap<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return new Map(entries.flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])));
}

/** What players may write beside the forms themselves. */
interface Freedom {
  /** Further forms of actions in the other words, which are understood but never shown. */
  readonly alsoRead?: readonly Rewording[];
  /** Words that are no longer understood when they do not stand in one of the other forms. */
  readonly alsoOld?: readonly string[];
}

/** Matches nothing: `|` of no alternatives would match everything. */
const NEVER = "(?!)";

function anyOf(forms: readonly string[], object: string): string {
  return forms.map((form, number) => patternOf(form, object, number)).join("|") || NEVER;
}

/** Translates every form in a text; where several could stand, the longest does. */
function translator(forms: readonly Rewording[], object: string, flags: string): (text: string) => string {
  const longestFirst = [...forms].sort((one, other) => other.from.length - one.from.length);
  const pattern = new RegExp(
    anyOf(
      longestFirst.map(({ from }) => from),
      object,
    ),
    flags,
  );
  return (text) =>
    text.replace(pattern, (...parts: readonly unknown[]) => {
      const groups = groupsOf(parts.at(-1));
      const number = longestFirst.findIndex((_form, place) => groups.has(`f${place}`));
      return piecesOf(longestFirst[number]?.to ?? "")
        .map((piece, place) => (place % 2 === 0 ? piece : (groups.get(`f${number}o${piece}`) ?? "")))
        .join("");
    });
}

/**
 * Says actions in other words wherever they stand in a text. `object` is the pattern of an object's name. Actions of
 * players are read with some freedom: letter case, further spaces and words around them make no difference.
 */
export function reworder(
  rewordings: readonly Rewording[],
  object: string,
  { alsoRead = [], alsoOld = [] }: Freedom = {},
): Reworder {
  const changed = rewordings.filter(({ from, to }) => from !== to);
  const show = translator(changed, `(?:${PLACEHOLDER}|${object})`, "g");
  const back = [...changed, ...alsoRead].map(({ from, to }) => ({ from: to, to: from }));
  const toOld = translator(back, object, "gi");
  const isOld = new RegExp(anyOf([...changed.map(({ from }) => from), ...alsoOld], object), "i");
  return {
    show,
    read: (action) => {
      const old = toOld(action);
      if (old !== action) return old;
      return isOld.test(action) ? undefined : action;
    },
  };
}
