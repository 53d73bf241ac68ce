import type { Child } from "hono/jsx";
import type { ShownTurn, TurnMark } from "../dialogue.ts";
import { Folded, Prose } from "./text.tsx";

const SHAPES: Readonly<Record<TurnMark, string>> = {
  error: "✕",
  refinement: "↻",
  malformed: "≁",
  "not-understood": "?",
  irregular: "~",
  repeated: "⟳",
  faulty: "✂",
};

function LossMark({ loss }: { readonly loss: boolean | undefined }) {
  if (loss === undefined) return null;
  return loss ? <span class="loss yes">loss</span> : <span class="loss no">no loss</span>;
}

interface TurnProps {
  readonly turn: ShownTurn;
  readonly whole?: string | undefined;
  readonly beneath?: Child;
}

function TurnView({ turn, whole, beneath }: TurnProps) {
  const { number, side, speaker, marks, notes, loss, thought, action, text, folded, span } = turn;
  const { progress, measure = "progress", anchor = `turn-${number}` } = turn;
  const trained = loss === undefined ? "" : loss ? "trained" : "untrained";
  return (
    <li
      id={anchor}
      class={`turn ${side} ${marks.join(" ")} ${trained} ${span === undefined ? "" : `span ${span}`}`}
    >
      <a class="number" href={`#${anchor}`} aria-label={`turn ${number}, ${speaker}`}>
        {number}
      </a>
      <div class="say">
        <p class="tags">
          <span class="speaker">{speaker}</span>
          {marks.map((mark) => (
            <span class={`mark ${mark}`}>
              <span aria-hidden="true">{SHAPES[mark]}</span> {mark.replaceAll("-", " ")}
            </span>
          ))}
          {notes.map((note) => (
            <span class="note">{note}</span>
          ))}
          <LossMark loss={loss} />
          {progress === undefined ? null : (
            <span class="progress">
              <meter value={progress} min={0} max={1} aria-label={measure} />{" "}
              {measure === "progress" ? "" : `${measure} `}
              {Math.round(progress * 100)} %
            </span>
          )}
        </p>
        {thought === undefined ? null : <Prose class="thought" text={thought} whole={whole} />}
        {action === undefined ? null : <Prose class="action" text={action} whole={whole} />}
        {text === undefined ? null : <Prose text={text} whole={whole} />}
        {(folded ?? []).map(({ title, text: inner }) => (
          <Folded title={title}>
            <Prose class="thought" text={inner} whole={whole} />
          </Folded>
        ))}
        {beneath}
      </div>
    </li>
  );
}

interface DialogueProps {
  readonly turns: readonly ShownTurn[];
  /** The address of a turn's whole text, for those that are too long for a page. */
  readonly whole?: (turn: number) => string;
  /** What stands beneath a turn, such as a form to judge it. */
  readonly beneath?: ((turn: ShownTurn) => Child) | undefined;
}

/** A dialogue of any kind: a trajectory, an episode, a row of a data file. */
export function Dialogue({ turns, whole, beneath }: DialogueProps) {
  return (
    <ol class="turns">
      {turns.map((turn) => (
        <TurnView turn={turn} whole={whole?.(turn.number)} beneath={beneath?.(turn)} />
      ))}
    </ol>
  );
}
