import { FAULT_KINDS, THUMBS, type Thumbs, VERDICTS } from "../../annotation/verdict.ts";
import type { AnnotationsView, SaidOfTurn, SaidOfWhole } from "../read-annotations.ts";
import type { SaidInList } from "../run-filter.ts";
import { Folded, Line, Problems, Prose } from "./text.tsx";

const THUMBS_TEXT: Readonly<Record<Thumbs, string>> = { up: "▲ up", down: "▼ down" };

function thumbsWords(thumbs: Thumbs): string {
  return `thumbs ${thumbs}`;
}

function Hidden({ kind, ...fields }: Readonly<Record<string, string>> & { readonly kind: string }) {
  return (
    <>
      {Object.entries({ kind, ...fields }).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** A button that is down while what it says is said; pressing it again takes that back. */
function Press(props: {
  readonly name: string;
  readonly value: string;
  readonly isDown: boolean;
  readonly label?: string;
  readonly text: string;
}) {
  const { name, value, isDown, label, text } = props;
  return (
    <button
      type="submit"
      name={name}
      value={isDown ? "" : value}
      class={isDown ? "press down" : "press"}
      aria-pressed={isDown ? "true" : "false"}
      aria-label={label}
      title={label}
    >
      {text}
    </button>
  );
}

function Tags({ action, mine, tags }: Pick<AnnotationsView, "mine" | "tags"> & { readonly action: string }) {
  return (
    <div class="tagging">
      {mine.tags.map((tag) => (
        <form method="post" action={action} class="chip">
          <Hidden kind="tag" tag={tag} on="" />
          <Line text={tag} />
          <button type="submit" aria-label={`take back the tag ${tag}`}>
            ×
          </button>
        </form>
      ))}
      <form method="post" action={action}>
        <Hidden kind="tag" on="yes" />
        <input
          name="tag"
          list="tags-in-use"
          size={10}
          maxlength={60}
          required
          placeholder="tag"
          aria-label="tag"
        />
        <button type="submit">add</button>
      </form>
      <datalist id="tags-in-use">
        {tags.map((tag) => (
          <option value={tag} />
        ))}
      </datalist>
    </div>
  );
}

function Said({ said }: { readonly said: SaidOfWhole }) {
  const { by, thumbs, tags, note } = said;
  return (
    <li>
      <b>
        <Line text={by} />
      </b>
      : <Line text={[...(thumbs === undefined ? [] : [thumbsWords(thumbs)]), ...tags].join(", ")} />
      {note === undefined ? null : <Prose class="thought" text={note} />}
    </li>
  );
}

/** What is said of a whole trajectory or episode, with the forms to say something where that may be. */
export function AnnotationPanel({ view }: { readonly view: AnnotationsView }) {
  const { action, mine, others, tags, damage } = view;
  const hasSaid = mine.thumbs !== undefined || mine.note !== undefined || mine.tags.length > 0;
  const listed = action === undefined && hasSaid ? [mine, ...others] : others;
  if (action === undefined && listed.length === 0 && damage.length === 0) return null;
  return (
    <section class="annotations" id="annotations" aria-label="what is said of it">
      {action === undefined ? null : (
        <div class="saying">
          <form method="post" action={action}>
            <Hidden kind="thumbs" />
            {THUMBS.map((value) => (
              <Press
                name="thumbs"
                value={value}
                isDown={mine.thumbs === value}
                label={thumbsWords(value)}
                text={THUMBS_TEXT[value]}
              />
            ))}
          </form>
          <Tags action={action} mine={mine} tags={tags} />
          <Folded title="note" isOpen={mine.note !== undefined}>
            <form method="post" action={action} class="noting">
              <Hidden kind="note" />
              <textarea name="note" rows={3} maxlength={20000} aria-label="note">
                {mine.note ?? ""}
              </textarea>
              <button type="submit">keep</button>
            </form>
          </Folded>
          <span class="soft">
            as <Line text={mine.by} />
          </span>
        </div>
      )}
      {listed.length === 0 ? null : (
        <ul class="others">
          {listed.map((said) => (
            <Said said={said} />
          ))}
        </ul>
      )}
      <Problems lines={damage} />
    </section>
  );
}

function saidWords({ by, verdict, fault }: SaidOfTurn): string {
  return `${by}: ${verdict}${fault === undefined ? "" : ` (${fault})`}`;
}

/** What is said of a player's turn, and the form to say whether it is right or wrong. */
export function TurnJudgement({ view, turn }: { readonly view: AnnotationsView; readonly turn: number }) {
  const { action, mine } = view;
  const said = view.turns[turn] ?? [];
  const own = said.find(({ by }) => action !== undefined && by === mine.by);
  if (action === undefined && said.length === 0) return null;
  const words = said.map((each) => (
    <span class={`verdict ${each.verdict}`}>
      <Line text={saidWords(each)} />
    </span>
  ));
  return (
    <details class="judging">
      <summary>{said.length === 0 ? <span class="soft">right or wrong?</span> : words}</summary>
      {said.map(({ by, note }) =>
        note === undefined ? null : <Prose class="thought" text={`${by}: ${note}`} />,
      )}
      {action === undefined ? null : (
        <form method="post" action={action}>
          <Hidden kind="turn" turn={String(turn)} />
          {/* Enter in a field presses the first button: it keeps the verdict, and who says why finds a turn wrong. */}
          <button type="submit" class="unseen" name="verdict" value={own?.verdict ?? "wrong"} tabindex={-1}>
            keep the reason
          </button>
          {VERDICTS.map((verdict) => (
            <Press name="verdict" value={verdict} isDown={own?.verdict === verdict} text={verdict} />
          ))}
          <select name="fault" aria-label="kind of fault">
            <option value="">any fault</option>
            {FAULT_KINDS.map((kind) => (
              <option value={kind} selected={own?.fault === kind}>
                {kind}
              </option>
            ))}
          </select>
          <input name="note" maxlength={20000} placeholder="why" aria-label="why" value={own?.note ?? ""} />
        </form>
      )}
    </details>
  );
}

/** What anybody says of a whole trajectory or episode, in a list. */
export function SaidChips({ said }: { readonly said: SaidInList | undefined }) {
  const { thumbs = [], tags = [] } = said ?? {};
  if (thumbs.length + tags.length === 0) return null;
  return (
    <span class="chips">
      {thumbs.map((each) => (
        <span title={thumbsWords(each)}>{THUMBS_TEXT[each]}</span>
      ))}
      {tags.map((tag) => (
        <span class="chip">
          <Line text={tag} />
        </span>
      ))}
    </span>
  );
}
