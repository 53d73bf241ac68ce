import { THUMBS, type Thumbs } from "../../annotation/verdict.ts";
import { Line } from "./text.tsx";

/** A field of a filter with what can be chosen for it. */
export function Choice(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly values: readonly string[];
}) {
  const { name, label, value, values } = props;
  return (
    <label>
      {label}{" "}
      <select name={name}>
        <option value="">any</option>
        {values.map((each) => (
          <option value={each} selected={each === value}>
            <Line text={each} />
          </option>
        ))}
      </select>
    </label>
  );
}

/** The fields for what is said of what a list has, where anything is. */
export function SaidChoices(props: {
  readonly filter: { readonly tag?: string; readonly thumbs?: Thumbs };
  /** The tags that are in use, and whether thumbs are. */
  readonly tags: readonly string[];
  readonly hasThumbs: boolean;
}) {
  const { tag, thumbs } = props.filter;
  // A tag that is asked for and that nobody gives any more stays in sight.
  const tags = tag === undefined || props.tags.includes(tag) ? props.tags : [tag, ...props.tags];
  return (
    <>
      {tags.length === 0 ? null : <Choice name="tag" label="tag" value={tag} values={tags} />}
      {thumbs === undefined && !props.hasThumbs ? null : (
        <Choice name="thumbs" label="thumbs" value={thumbs} values={THUMBS} />
      )}
    </>
  );
}

/** By what a list is ordered now. */
interface Order {
  readonly sort: string;
  readonly isDescending: boolean;
}

/** The head of a column of numbers by which a list can be ordered. */
export function SortHead(props: {
  readonly now: Order;
  readonly sort: string;
  readonly text: string;
  /** The address of the list in another order. */
  readonly href: (sort: string) => string;
}) {
  const { now, sort, text, href } = props;
  const isThis = now.sort === sort;
  // Numbers are looked for from the largest down; a second click turns the order round.
  const next = isThis && now.isDescending ? sort : `-${sort}`;
  const order = !isThis ? undefined : now.isDescending ? "descending" : "ascending";
  return (
    <th class="num" aria-sort={order}>
      <a href={href(next)}>{text}</a>
      {!isThis ? null : <span aria-hidden="true">{now.isDescending ? " ↓" : " ↑"}</span>}
    </th>
  );
}
