import * as z from "zod";
import { aboutOf, GROUPS, valueSchema } from "../config/setting.ts";
import { type Argument, type DeclaredCommand, flagName } from "./command.ts";
import { dashed, type Paint, wrapText } from "./terminal/text.ts";

/** How help is written: for a width, and with styles where the terminal has them. */
export interface HelpStyle {
  readonly width: number;
  readonly paint: Paint;
}

/** Choices that are longer than this stand behind the flag's words. */
const LONGEST_CHOICES = 26;
const COLUMN = 28;

interface FlagHelp {
  readonly group: string;
  readonly left: string;
  readonly right: string;
  readonly isRequired: boolean;
}

function flagHelp(key: string, schema: unknown): readonly FlagHelp[] {
  const about = aboutOf(schema);
  if (about === undefined) return [];
  const name = dashed(flagName(key, schema));
  const value = valueSchema(schema);
  const choices = value instanceof z.ZodEnum ? value.options.map(String) : [];
  const isShort = choices.join("|").length <= LONGEST_CHOICES;
  const placeholder = choices.length === 0 ? about.value : isShort ? choices.join("|") : "NAME";
  const shown = about.canBeTurnedOff === true ? name.replace("--", "--[no-]") : name;
  const list = isShort ? "" : `: ${choices.join(", ")}`;
  const required = about.required === undefined ? "" : " (required)";
  return [
    {
      group: about.group,
      left: placeholder === undefined ? shown : `${shown} ${placeholder}`,
      right: `${about.help}${list}${required}`,
      isRequired: about.required !== undefined,
    },
  ];
}

/** Two columns, or the second below the first where there is no room beside it. */
function entryLines(left: string, right: string, { width }: HelpStyle, column = COLUMN): readonly string[] {
  const isNarrow = width < 2 * column;
  const indent = isNarrow ? 6 : column + 2;
  const wrapped = wrapText(right, { width, indent });
  const head = `  ${left}`;
  if (isNarrow || head.length + 2 > indent) return [head, ...wrapped];
  const [first = "", ...rest] = wrapped;
  return [head.padEnd(indent) + first.trimStart(), ...rest];
}

function section(title: string, lines: readonly string[], { paint }: HelpStyle): readonly string[] {
  return lines.length === 0 ? [] : ["", paint("bold", title), ...lines];
}

function argumentName({ name, optional, repeat }: Argument): string {
  const shown = repeat === true ? `${name}…` : name;
  return optional === true ? `[${shown}]` : shown;
}

/** An example, broken before a flag where it is longer than a line, so that it can still be pasted. */
function exampleLines(name: string, words: string, { width }: HelpStyle): readonly string[] {
  const lines: string[] = [];
  let line = `  agentrefine ${name}`;
  for (const part of words.split(/ (?=--|[<>|] )/).filter((each) => each !== "")) {
    if (line.length + part.length + 3 <= width) {
      line += ` ${part}`;
      continue;
    }
    lines.push(`${line} \\`);
    line = `    ${part}`;
  }
  return [...lines, line];
}

/** The help of a command. */
export function commandHelp(name: string, command: DeclaredCommand, style: HelpStyle): string {
  const { args, full, examples, page, flags } = command;
  const all = Object.entries(flags.shape).flatMap(([key, schema]) => flagHelp(key, schema));
  const required = all.filter(({ isRequired }) => isRequired).map(({ left }) => left);
  const usage = [
    "agentrefine",
    name,
    ...args.map(argumentName),
    ...required,
    ...(all.length > required.length ? ["[FLAGS]"] : []),
  ].join(" ");
  const { width, paint } = style;
  const lines = [
    paint("bold", "Usage"),
    ...wrapText(usage, { width, indent: 2, hanging: 4 }),
    "",
    ...wrapText(full, { width, indent: 0, hanging: 0 }),
    ...section(
      "Arguments",
      args.flatMap((arg) => entryLines(argumentName(arg), arg.help, style)),
      style,
    ),
    ...GROUPS.flatMap((group) => {
      const inGroup = all.filter((flag) => flag.group === group);
      return section(
        group,
        inGroup.flatMap(({ left, right }) => entryLines(left, right, style)),
        style,
      );
    }),
    ...section(
      "Examples",
      Object.entries(examples).flatMap(([words, what]) => [
        ...wrapText(`# ${what}`, { width, indent: 2, hanging: 4 }),
        ...exampleLines(name, words, style),
      ]),
      style,
    ),
    "",
    ...wrapText(`More: docs/${page} in the package, or agentrefine help`, { width, indent: 0 }),
  ];
  return `${lines.join("\n")}\n`;
}

/** What the program is, and its commands in groups. */
export interface ProgramHelp {
  readonly full: string;
  /** The names of commands by the titles of their groups. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly end: string;
}

/** The help of the program. */
export function programHelp(
  { full, groups, end }: ProgramHelp,
  commands: Readonly<Record<string, DeclaredCommand>>,
  style: HelpStyle,
): string {
  const { width, paint } = style;
  const lines = [
    paint("bold", "Usage"),
    "  agentrefine COMMAND [ARGUMENTS]",
    "",
    ...wrapText(full, { width, indent: 0 }),
    ...Object.entries(groups).flatMap(([title, names]) =>
      section(
        title,
        names.flatMap((name) => entryLines(name, commands[name]?.brief ?? "", style, 12)),
        style,
      ),
    ),
    "",
    ...wrapText(end, { width, indent: 0 }),
  ];
  return `${lines.join("\n")}\n`;
}
