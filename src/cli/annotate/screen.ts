import type { HistoryTurn, JudgedTurn } from "../../annotation/judged-turn.ts";
import { type TurnVerdict, WHAT_IS_WRONG } from "../../annotation/verdict.ts";
import type { ReAct } from "../../react.ts";
import { SHOWN_STYLES } from "../show/show-record.ts";
import { type ShownKind, scriptLines } from "../show/show-trajectory.ts";
import { fitLine, type Segment } from "../terminal/table.ts";
import { type Paint, wrapText } from "../terminal/text.ts";

/** What the terminal shows: an explanation, or a turn. */
export interface AskedTurn {
  readonly shown: JudgedTurn;
  /** Its number among those that were drawn, from 1, and how many those are. */
  readonly number: number;
  readonly total: number;
  /** How many of them are judged. */
  readonly judged: number;
  /** What was said of it before. */
  readonly earlier: TurnVerdict | undefined;
}

/** The measures of a terminal, and how it is painted. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
}

/** Text is hard to read on lines that are longer. */
const WIDEST = 110;
/** Lines around the text: the title with a rule, and a rule with the keys. */
const AROUND = 4;

const KEYS: readonly Segment[] = [
  { text: "r right", rank: 0 },
  { text: "w wrong", rank: 0 },
  { text: "s skip", rank: 1 },
  { text: "b back", rank: 2 },
  { text: "q quit", rank: 0 },
  { text: "? help", rank: 4 },
  { text: "↑ ↓ PgUp PgDn Home End", rank: 3 },
];

/** How many lines of text fit on a terminal. */
export function roomOf({ rows }: Terminal): number {
  return Math.max(3, rows - AROUND);
}

function widthOf({ columns }: Terminal): number {
  return Math.max(30, Math.min(columns - 1, WIDEST));
}

/** What is asked, in words: the same for people and for models. */
export function explanation(terminal: Terminal): readonly string[] {
  const width = widthOf(terminal);
  const text = (words: string, indent = 0): readonly string[] => wrapText(words, { width, indent });
  return [
    ...text(
      "You are shown single turns of a player, with the script and what was thought, done and observed before. Say of each whether it is right, so that the game may go on from it, or wrong, so that the player has to refine it. It is wrong for one of these reasons:",
    ),
    "",
    ...WHAT_IS_WRONG.flatMap((each) => text(each, 2)),
    "",
    ...text(
      "A detour is right as long as it finds something out or changes something. What the dungeon master said of the turn is not shown (section 8 of the paper).",
    ),
    "",
    ...text(
      "r is right, w is wrong, s leaves a turn for later, b goes back to the one before, q ends; arrows, Page Up, Page Down, Home and End move the text, whose beginning is the script. Every answer is kept at once, and the same command resumes.",
    ),
  ];
}

/** The text of a turn: the script, the history, and at its end the turn itself. */
export function turnLines({ shown }: AskedTurn, terminal: Terminal): readonly string[] {
  const { paint } = terminal;
  const width = widthOf(terminal);
  const style = (kind: ShownKind, line: string): string => paint(SHOWN_STYLES[kind], line);
  const block = (kind: ShownKind, text: string): readonly string[] =>
    wrapText(text, { width, indent: 2, hanging: 4 }).map((line) => style(kind, line));
  const said = ({ thought, action }: ReAct): readonly string[] => [
    ...block("thought", `Thought: ${thought}`),
    ...block("action", `Action: ${action}`),
  ];
  const before = (turn: HistoryTurn): readonly string[] =>
    "observation" in turn ? block("observation", `Observation: ${turn.observation}`) : said(turn);
  const heading = (text: string): string => style("heading", text);
  return [
    heading("SCRIPT"),
    ...scriptLines(shown.script, { width, style }),
    "",
    heading("HISTORY"),
    ...shown.history.flatMap(before),
    "",
    heading(`TURN ${shown.turn}: RIGHT OR WRONG?`),
    ...said(shown.judged),
  ];
}

/** The first line that is shown when the text is moved by so many lines; it never leaves the text. */
export function moved(top: number, by: number, lines: readonly string[], terminal: Terminal): number {
  return Math.max(0, Math.min(top + by, lines.length - roomOf(terminal)));
}

function placeWords(lines: readonly string[], top: number, room: number): string {
  const [above, below] = [top, Math.max(0, lines.length - top - room)];
  return above + below === 0 ? "" : `${above} lines above, ${below} below`;
}

/** The whole screen: as many lines as the terminal has, none wider. */
export function screenLines(
  asked: AskedTurn | undefined,
  lines: readonly string[],
  top: number,
  terminal: Terminal,
): readonly string[] {
  const { columns, paint } = terminal;
  const room = roomOf(terminal);
  const width = columns - 1;
  const title =
    asked === undefined
      ? "Right or wrong?"
      : `Turn ${asked.number} of ${asked.total}, ${asked.judged} judged`;
  const segments: Segment[] = [{ text: title, rank: 0 }];
  if (asked?.earlier !== undefined) segments.push({ text: `you said: ${asked.earlier}`, rank: 0 });
  const place = placeWords(lines, top, room);
  if (place !== "") segments.push({ text: place, rank: 1 });
  const shown = lines.slice(top, top + room);
  const keys = asked === undefined ? [{ text: "any key goes on, q quits", rank: 0 }] : KEYS;
  const rule = paint("dim", "─".repeat(width));
  return [
    paint("bold", fitLine(segments, width)),
    rule,
    ...shown,
    ...Array.from({ length: room - shown.length }, () => ""),
    rule,
    paint("bold", fitLine(keys, width)),
  ];
}
