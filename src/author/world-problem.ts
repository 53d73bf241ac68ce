import { type Domain, parseDomain } from "../pddl/domain.ts";
import type { TypedName } from "../pddl/formula.ts";
import type { GroundAction } from "../pddl/ground-action.ts";
import { type Problem, problemOf } from "../pddl/problem.ts";
import type { Fact } from "../pddl/state.ts";
import { once, shippedText } from "../shipped.ts";
import { all, nameOf, objectOf } from "./conditions.ts";
import type { Draft } from "./draft.ts";
import type { Deed, Operation } from "./phrase.ts";
import { isSo, type Play, placeOf } from "./play.ts";
import type { Fixture, Item, Task, World } from "./world.ts";

/** What can happen in the worlds of the offline author. */
export const worldDomain: () => Domain = once(() => parseDomain(shippedText("world.pddl")));

type PlannedAction = readonly [schema: string, operation: Operation, ...variables: readonly string[]];

/**
 * The actions of the planning domain, each with the operation of its deed and the variables that the deed's names stand
 * for, in their order. Every other variable is a room or a fixture that follows from how the game stands.
 */
const PLANNED: readonly PlannedAction[] = [
  ["go", "go", "?to"],
  ["open", "open", "?f"],
  ["close", "close", "?f"],
  ["unlock", "unlock", "?k", "?f"],
  ["take", "take", "?i", "?f"],
  ["put", "put", "?i", "?f"],
  ["switch", "switch", "?f"],
  ["work", "work", "?i", "?f"],
  ["fit", "fit", "?p", "?d", "?t"],
  ["set", "set", "?c"],
  ["read-fixture", "examine", "?f"],
  ["read-held", "examine", "?i"],
  ["read-item", "examine", "?i"],
  ["answer", "answer"],
];

/** The deed of a planned action. */
export function deedOf({ question }: Task, { schema, objects }: GroundAction): Deed {
  const [, operation = "look", ...variables] = PLANNED.find(([name]) => name === schema.name) ?? [];
  if (operation === "answer" && question !== undefined) {
    return { operation, names: [`${question.thing}, ${question.value} ${question.unit}`] };
  }
  const place = (variable: string): number => schema.parameters.findIndex(({ name }) => name === variable);
  return { operation, names: variables.map((variable) => nameOf(objects[place(variable)] ?? "")) };
}

/** The deed in planning terms; undefined for looking around, which changes nothing but what is known. */
export function groundAction(world: World, play: Play, { operation, names }: Deed): GroundAction | undefined {
  const [thing = ""] = names;
  let wanted: string = operation;
  if (operation === "examine") {
    const item = isSo(play, "held", thing) ? "read-held" : "read-item";
    wanted = world.items.has(thing) ? item : "read-fixture";
  }
  const schema = worldDomain().actions.find(({ name }) => name === wanted);
  if (schema === undefined) return undefined;
  const [, , ...variables] = PLANNED.find(([name]) => name === wanted) ?? [];
  const objects = schema.parameters.map(({ name }) => {
    const place = variables.indexOf(name);
    if (place >= 0) return names[place] ?? "";
    return name === "?f" ? (placeOf(play, thing) ?? "") : play.room;
  });
  return { schema, objects: objects.map(objectOf) };
}

function factOf(predicate: string, ...names: readonly string[]): Fact {
  return { predicate, objects: names.map(objectOf) };
}

function fixtureFacts(fixture: Fixture): readonly Fact[] {
  const { name, kind } = fixture;
  const facts = [factOf("in", name, fixture.room)];
  if (kind === "surface" || kind === "container") facts.push(factOf("holds", name));
  if (kind === "container") facts.push(factOf("openable", name), factOf("closed", name));
  if (fixture.information !== undefined) facts.push(factOf("legible", name));
  return facts;
}

function itemFacts(item: Item): readonly Fact[] {
  const facts = [factOf("on", item.name, item.fixture)];
  if (item.information !== undefined) facts.push(factOf("legible", item.name));
  return facts;
}

function taskFacts(task: Task): readonly Fact[] {
  const { work, defect, sequence, question } = task;
  const facts = task.locks.flatMap(({ container, key }) => [
    factOf("locked", container),
    factOf("fits", key, container),
  ]);
  facts.push(...task.off.flatMap((name) => [factOf("switched", name), factOf("off", name)]));
  if (work !== undefined) facts.push(...work.items.map((item) => factOf("worked-at", item, work.station)));
  if (defect !== undefined) {
    facts.push(...defect.parts.map((part) => factOf("missing", part, defect.device)));
    facts.push(factOf("tool", defect.tool, defect.device));
  }
  sequence?.order.forEach((control, place) => {
    const following = sequence.order[place + 1];
    if (place === 0) facts.push(factOf("due", control));
    if (following !== undefined) facts.push(factOf("next", control, following));
  });
  if (question !== undefined) {
    facts.push(factOf("question"), ...question.things.map((thing) => factOf("asked", thing)));
  }
  return facts;
}

function typed(names: Iterable<string>, type: string): readonly TypedName[] {
  return [...names].map((name) => ({ name: objectOf(name), types: [type] }));
}

/** The fixtures that a plan may have to do with. */
function isConcerned(fixture: Fixture, draft: Draft, task: Task): boolean {
  if (fixture.kind !== "surface" && fixture.kind !== "container") return true;
  if ([...draft.items.values()].some((item) => item.relevant && item.fixture === fixture.name)) return true;
  const object = objectOf(fixture.name);
  const mentions = JSON.stringify([task.stages, task.locks]);
  return mentions.includes(`"${object}"`) || mentions.includes(`"${fixture.name}"`);
}

/** The world in planning terms: whole, and reduced to what plans can need. */
export function problemsOf(draft: Draft, task: Task): { readonly whole: Problem; readonly core: Problem } {
  const goal = all(...task.stages.slice(-1));
  const doors = [...draft.doors].map((door) => factOf("door", ...door.split("|")));
  const make = (name: string, fixtures: readonly Fixture[], items: readonly Item[]): Problem => {
    const namesOf = (things: readonly (Fixture | Item)[]): readonly string[] =>
      things.map((each) => each.name);
    const objects = [
      ...typed(draft.rooms, "room"),
      ...typed(namesOf(fixtures), "fixture"),
      ...typed(namesOf(items), "item"),
    ];
    const facts = [
      factOf("at", draft.start),
      ...doors,
      ...fixtures.flatMap(fixtureFacts),
      ...items.flatMap(itemFacts),
      ...taskFacts(task),
    ];
    return problemOf(name, worldDomain(), objects, facts, goal);
  };
  const fixtures = [...draft.fixtures.values()];
  const items = [...draft.items.values()];
  const concerned = fixtures.filter((fixture) => isConcerned(fixture, draft, task));
  const relevant = items.filter((item) => item.relevant);
  return { whole: make("whole", fixtures, items), core: make("core", concerned, relevant) };
}
