import * as z from "zod";
import type { Random } from "../random.ts";
import { shippedData } from "../shipped.ts";
import type { Draft } from "./draft.ts";
import { capitalised } from "./english.ts";
import { type Operation, phraseOf, placeholdersOf, type Wording } from "./phrase.ts";
import type { Fixture, Task } from "./world.ts";

/** Names and descriptions of the actions whose names are chosen; those of a task's own work say what it is. */
const chosenWordings = shippedData(
  "wording.json",
  z.record(z.string(), z.object({ names: z.array(z.string()), description: z.string() })),
);

/** How an action is called in a world, and what its description says. */
interface Named {
  readonly name: string;
  readonly description: string;
}

/** The names of a world's actions. Those that every world has are drawn first. */
function namesFor(draft: Draft, task: Task, random: Random): ReadonlyMap<Operation, Named> {
  const { locks, off, defect, question, work, sequence } = task;
  const chosen: readonly Operation[] = [
    ...(["go", "examine", "take", "put", "open", "close", "look"] as const),
    ...(locks.length > 0 ? (["unlock"] as const) : []),
    ...(off.length > 0 ? (["switch"] as const) : []),
    ...(defect === undefined ? [] : (["fit"] as const)),
    ...(question === undefined ? [] : (["answer"] as const)),
  ];
  const names = new Map<Operation, Named>();
  for (const operation of chosen) {
    const { names: ways = [], description = "" } = chosenWordings()[operation] ?? {};
    names.set(operation, { name: random.pick(ways), description });
  }
  if (work !== undefined) {
    const at = draft.fixtures.get(work.station)?.preposition ?? "at";
    const description = `${capitalised(work.verb)} a thing that you carry.`;
    names.set("work", { name: `${work.verb} {object} ${at} {station}`, description });
  }
  if (sequence !== undefined) {
    const description = `Work one of the controls of the ${sequence.machine}.`;
    names.set("set", { name: `${sequence.verb} {control}`, description });
  }
  return names;
}

/** Placeholders for what can be carried, whatever the action. */
const CARRIED: ReadonlySet<string> = new Set(["object", "item", "key", "part", "tool"]);

/** The values of a name's placeholders: the handled thing comes first, wherever it stands in the name. */
function valuesOf(name: string, items: readonly string[], others: readonly string[]) {
  const placeholders = placeholdersOf(name);
  const handled = placeholders.find((each) => CARRIED.has(each));
  const inOrder = [handled ?? [], placeholders.filter((each) => each !== handled)].flat();
  return Object.fromEntries(inOrder.map((each) => [each, CARRIED.has(each) ? items : others]));
}

/** Chooses how the actions of a world are worded, so that no two worlds need read alike. */
export function chooseWording(draft: Draft, task: Task, random: Random): Wording {
  const fixtures = [...draft.fixtures.values()];
  const items = random.shuffle([...draft.items.keys()]);
  const things = random.shuffle([...items, ...fixtures.map(({ name }) => name)]);
  const of = (...kinds: readonly Fixture["kind"][]): readonly string[] =>
    fixtures.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  const names = namesFor(draft, task, random);
  /** The actions as a script lists them, with what their placeholders stand for beside what is carried. */
  const listed: readonly (readonly [Operation, readonly string[]])[] = [
    ["go", draft.rooms],
    ["look", []],
    ["examine", things],
    ["take", of("surface", "container")],
    ["put", of("surface", "container")],
    ["open", of("container")],
    ["close", of("container")],
    ["unlock", of("container")],
    ["switch", of("station", "device")],
    ["work", of("station")],
    ["fit", of("device")],
    ["set", of("control")],
    ["answer", []],
  ];
  return new Map(
    listed.flatMap(([operation, others]) => {
      const named = names.get(operation);
      if (named === undefined) return [];
      const answer = operation === "answer" ? task.question : undefined;
      const specialFormat =
        answer &&
        `In place of {${placeholdersOf(named.name)[0] ?? ""}} stands the name of the instrument and the number that it shows, such as "${answer.example}".`;
      const values = answer === undefined ? valuesOf(named.name, items, others) : {};
      return [[operation, phraseOf({ operation, ...named, values, specialFormat }, random)] as const];
    }),
  );
}
