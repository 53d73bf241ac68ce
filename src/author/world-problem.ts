import { type Domain, parseDomain } from "../pddl/domain.ts";
import { type Problem, problemOf } from "../pddl/problem.ts";
import type { Fact } from "../pddl/state.ts";
import type { TypedName } from "../pddl/typed-list.ts";
import { all, objectOf } from "./conditions.ts";
import type { Draft } from "./draft.ts";
import type { Fixture, Item, Task } from "./world.ts";

/** What can happen in the worlds of the offline author. */
export const WORLD_DOMAIN: Domain = parseDomain(`
(define (domain world)
  (:types room fixture item - object)
  (:predicates
    (at ?r - room) (door ?from ?to - room) (in ?f - fixture ?r - room)
    (on ?i - item ?f - fixture) (held ?i - item) (holds ?f - fixture)
    (openable ?f - fixture) (closed ?f - fixture) (locked ?f - fixture) (fits ?k - item ?f - fixture)
    (switched ?f - fixture) (off ?f - fixture) (worked-at ?i - item ?f - fixture) (worked ?i - item)
    (missing ?p - item ?d - fixture) (fitted ?p - item) (tool ?t - item ?d - fixture)
    (legible ?x - object) (read ?x - object) (asked ?x - object) (question) (answered)
    (due ?c - fixture) (next ?c ?d - fixture) (set ?c - fixture))
  (:action go :parameters (?from ?to - room)
    :precondition (and (at ?from) (door ?from ?to))
    :effect (and (not (at ?from)) (at ?to)))
  (:action open :parameters (?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (closed ?f) (not (locked ?f)))
    :effect (not (closed ?f)))
  (:action close :parameters (?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (openable ?f) (not (closed ?f)))
    :effect (closed ?f))
  (:action unlock :parameters (?f - fixture ?k - item ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (locked ?f) (held ?k) (fits ?k ?f))
    :effect (not (locked ?f)))
  (:action take :parameters (?i - item ?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (on ?i ?f) (not (closed ?f)))
    :effect (and (held ?i) (not (on ?i ?f))))
  (:action put :parameters (?i - item ?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (holds ?f) (held ?i) (not (closed ?f)))
    :effect (and (on ?i ?f) (not (held ?i))))
  (:action switch :parameters (?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (off ?f)
                       (forall (?p - item) (imply (missing ?p ?f) (fitted ?p))))
    :effect (not (off ?f)))
  (:action work :parameters (?i - item ?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (held ?i) (worked-at ?i ?f) (not (off ?f)) (not (worked ?i)))
    :effect (worked ?i))
  (:action fit :parameters (?p - item ?d - fixture ?t - item ?r - room)
    :precondition (and (at ?r) (in ?d ?r) (held ?p) (missing ?p ?d) (held ?t) (tool ?t ?d))
    :effect (and (fitted ?p) (not (held ?p))))
  (:action set :parameters (?c - fixture ?r - room)
    :precondition (and (at ?r) (in ?c ?r) (due ?c))
    :effect (and (set ?c) (not (due ?c)) (forall (?d - fixture) (when (next ?c ?d) (due ?d)))))
  (:action read-fixture :parameters (?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (legible ?f) (not (read ?f)))
    :effect (read ?f))
  (:action read-held :parameters (?i - item)
    :precondition (and (held ?i) (legible ?i) (not (read ?i)))
    :effect (read ?i))
  (:action read-item :parameters (?i - item ?f - fixture ?r - room)
    :precondition (and (at ?r) (in ?f ?r) (on ?i ?f) (legible ?i) (not (closed ?f)) (not (read ?i)))
    :effect (read ?i))
  (:action answer :parameters ()
    :precondition (and (question) (forall (?x - object) (imply (asked ?x) (read ?x))))
    :effect (answered)))
`);

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
    const objects = [
      ...typed(draft.rooms, "room"),
      ...typed(
        fixtures.map((fixture) => fixture.name),
        "fixture",
      ),
      ...typed(
        items.map((item) => item.name),
        "item",
      ),
    ];
    const facts = [
      factOf("at", draft.start),
      ...doors,
      ...fixtures.flatMap(fixtureFacts),
      ...items.flatMap(itemFacts),
      ...taskFacts(task),
    ];
    return problemOf(name, WORLD_DOMAIN, objects, facts, goal);
  };
  const fixtures = [...draft.fixtures.values()];
  const items = [...draft.items.values()];
  return {
    whole: make("whole", fixtures, items),
    core: make(
      "core",
      fixtures.filter((fixture) => isConcerned(fixture, draft, task)),
      items.filter((item) => item.relevant),
    ),
  };
}
