import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { applicableActions, applyAction } from "../pddl/ground-action.ts";
import { isFact, type State } from "../pddl/state.ts";
import { formatAction } from "../pddl/testing/format-action.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import type { Script } from "../script/script.ts";
import { verifyWireScript } from "../script/verify-script.ts";
import { scriptToWire } from "../script/wire.ts";
import { isErrorTurn, type Turn } from "../trajectory/trajectory.ts";
import { turnToWire } from "../trajectory/wire.ts";
import { verifyTurns } from "../verifier/verification.ts";
import { nameOf, objectOf } from "./conditions.ts";
import { gapsOf } from "./english.ts";
import { makeWorld } from "./make-world.ts";
import { somePersonas } from "./testing/some-personas.ts";
import type { World } from "./world.ts";
import { worldDomain } from "./world-problem.ts";
import { writeScript } from "./write-script.ts";
import { writeTrajectory } from "./write-trajectory.ts";

const personas = somePersonas().slice(0, 150);
const games = personas.map((persona) => {
  const world = makeWorld("test", persona);
  return { world, script: writeScript(world), turns: writeTrajectory(world) };
});

function dungeonMasterTurns(turns: readonly Turn[]): readonly Extract<Turn, { role: "DM" }>[] {
  return turns.filter((turn) => turn.role === "DM");
}

/** The applicable ground actions, as planning lists them, that an action text can mean. */
function meanings(
  world: World,
  script: Script,
  state: State,
  text: string,
): ReturnType<typeof applicableActions> {
  const action = createActionMatcher(script.actions).match(text);
  const operation = [...world.wording.values()].find(
    (phrase) => phrase.action.name === action?.name,
  )?.operation;
  const pattern = new RegExp(`^(?:${action?.pattern.replaceAll("(?P<", "(?<")})$`);
  const names = operation === "answer" ? [] : Object.values(pattern.exec(text)?.groups ?? {});
  return applicableActions(world.problem, state).filter(({ schema, objects }) => {
    const kind = schema.name.startsWith("read-") ? "examine" : schema.name;
    const target = kind === "go" ? objects.slice(1) : kind === "examine" ? objects.slice(0, 1) : objects;
    return kind === operation && names.every((name) => target.includes(objectOf(name)));
  });
}

test("the words of a game are the same to the letter, whatever file has them", () => {
  const told = games.slice(0, 100).map(({ script, turns }) => [script, turns]);
  const hash = createHash("sha256").update(JSON.stringify(told)).digest("hex");
  expect(hash).toBe("993256128f1d2a7639dbd61125b27c32f0a6284d5152c75a7108f9f58c40c5f3");
});

test("every sentence of data/narration.json is told somewhere", () => {
  const sources = readdirSync("src/author", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes(".test."))
    .map((file) => readFileSync(`src/author/${file}`, "utf8"))
    .join("");
  const names: readonly string[] = Object.keys(JSON.parse(readFileSync("data/narration.json", "utf8")));
  const deeds = worldDomain().actions.map(({ name }) => name.replace(/^read-.*/, "examine"));
  // Looking changes nothing, so that the world's domain has no action for it.
  const done = [...deeds, "look"].map((deed) => `done-${deed}`);
  const others = ["done-open-empty", "done-work-measured", "done-set-last"];
  const reasons = ["take", "put", "work", "unlock"].map((operation) => `go-to-${operation}`);
  const ofDeeds = [...done, ...others, ...reasons];
  expect(names.filter((name) => !sources.includes(`"${name}"`) && !ofDeeds.includes(name))).toEqual([]);
  expect(ofDeeds.filter((name) => !names.includes(name))).toEqual([]);
});

test("every gap of data/obstacles.json is filled by something", () => {
  const [game] = games;
  if (game === undefined) throw new Error("no game");
  const filled = gapsOf(game.world, game.world.start, { operation: "look", names: [] });
  const gaps = readFileSync("data/obstacles.json", "utf8").matchAll(/\{([a-z ]+)\}/gi);
  const known = [...Object.keys(filled), "form", "examples"];
  expect([...gaps].map(([, gap = ""]) => gap).filter((gap) => !known.includes(gap))).toEqual([]);
});

describe("worlds and trajectories of 150 personas", () => {
  test("every script is verified and every trajectory accepted", () => {
    for (const { world, script, turns } of games) {
      expect(
        verifyWireScript(JSON.parse(JSON.stringify(scriptToWire(script)))).faults,
        world.persona,
      ).toBeUndefined();
      const verdict = verifyTurns(
        createActionMatcher(script.actions),
        JSON.parse(JSON.stringify(turns.map(turnToWire))),
      );
      expect(verdict.fault, world.persona).toBeUndefined();
      expect(verdict.errors, world.persona).toBeLessThanOrEqual(5);
    }
  });

  test("at least 95 of 100 goals differ, and every theme's family and kind of error appears", () => {
    expect(new Set(games.map(({ script }) => script.goal)).size).toBeGreaterThanOrEqual(0.95 * games.length);
    expect(new Set(games.map(({ world }) => world.task.family)).size).toBe(8);
    expect(new Set(games.map(({ world }) => world.theme.name)).size).toBeGreaterThanOrEqual(14);
    const all = games.flatMap(({ turns }) => dungeonMasterTurns(turns));
    for (const kind of ["parameterError", "placeError", "logicError"] as const) {
      expect(all.filter((turn) => turn[kind]).length, kind).toBeGreaterThan(100);
    }
  });

  test("progress never falls, begins at 0 and reaches 1 only at the end", () => {
    for (const { turns } of games) {
      const rates = dungeonMasterTurns(turns).map(({ progressRate }) => progressRate);
      expect(rates).toEqual([...rates].sort((a, b) => a - b));
      expect(rates[0]).toBe(0);
      expect(rates.filter((rate) => rate === 1)).toHaveLength(1);
      expect(rates.at(-1)).toBe(1);
      expect(turns.at(-1)).toMatchObject({ role: "DM", finished: true });
    }
  });

  test("the flags agree with the planning domain: errors are what is not applicable, all else is", () => {
    for (const { world, script, turns } of games.slice(0, 80)) {
      const matcher = createActionMatcher(script.actions);
      let state = world.problem.initial;
      turns.forEach((turn, index) => {
        const answer = turns[index + 1];
        if (turn.role !== "Player" || answer?.role !== "DM") return;
        const matched = matcher.match(turn.action);
        expect(matched === undefined, turn.action).toBe(answer.parameterError);
        const isLook = matched?.name === world.wording.get("look")?.action.name;
        if (matched === undefined || isLook) return;
        const meant = meanings(world, script, state, turn.action);
        if (!isErrorTurn(turns, index)) {
          const [action] = meant;
          expect(meant.map(formatAction), `${turn.action} in ${world.persona}`).toHaveLength(1);
          if (action !== undefined) state = applyAction(action, state, world.problem.universe);
        } else if (!isFact(state, "question", []) || !/\d/.test(turn.action)) {
          expect(meant.map(formatAction), `${turn.action} in ${world.persona}`).toEqual([]);
        }
      });
    }
  });

  test("nothing is named before it was seen: observations keep what closed things hold", () => {
    for (const { world, turns } of games) {
      const known = new Set<string>();
      let room = world.start;
      const opened = new Set<string>();
      turns.forEach((turn, index) => {
        if (turn.role === "Player") {
          for (const name of world.items.keys()) if (turn.action.includes(name)) known.add(name);
          const next = turns[index + 1];
          if (next?.role !== "DM" || isErrorTurn(turns, index)) return;
          const target = world.rooms.find((name) => turn.action.endsWith(` ${name}`));
          if (target !== undefined) room = target;
          const open = world.wording.get("open")?.action.name.replace(/\{.*$/, "") ?? "";
          if (turn.action.startsWith(open)) opened.add(turn.action.slice(open.length));
          return;
        }
        for (const item of world.items.values()) {
          const fixture = world.fixtures.get(item.fixture);
          const visible =
            fixture?.room === room && (fixture.kind !== "container" || opened.has(item.fixture));
          if (visible) known.add(item.name);
        }
        const words = turn.observation;
        const longer = (name: string): boolean =>
          [...known, ...world.fixtures.keys(), ...world.rooms].some(
            (other) => other !== name && other.includes(name) && words.includes(other),
          );
        for (const name of world.items.keys()) {
          const told = new RegExp(`(?<![a-z-])${name}(?![a-z-])`).test(words) && !longer(name);
          if (told) expect(known.has(name), `${name} in "${words}"`).toBe(true);
        }
      });
    }
  });

  test("no sentence of the player follows itself, and an error is taken up in the next thought", () => {
    for (const { turns } of games) {
      const thoughts = turns.flatMap((turn) => (turn.role === "Player" ? [turn.thought] : []));
      expect(thoughts.filter((thought, index) => thought === thoughts[index + 1]).length).toBeLessThanOrEqual(
        1,
      );
      for (const turn of turns) {
        const text = turn.role === "DM" ? turn.observation : turn.thought;
        expect(text).not.toMatch(/\ba [aeiou](?!ni|ne|se|sb|r?it)|undefined| {2}|\bthe the\b|\. \./i);
      }
    }
  });

  test("the same seed and persona give the same game, another seed another one", () => {
    const [persona = ""] = personas;
    expect(writeTrajectory(makeWorld("test", persona))).toEqual(games[0]?.turns);
    const goals = [1, 2, 3, 4, 5].map((seed) => writeScript(makeWorld(String(seed), persona)).goal);
    expect(new Set(goals).size).toBeGreaterThan(1);
  });

  test("from every prefix the game can be continued to an accepted end", () => {
    for (const { world, script, turns } of games.slice(0, 6)) {
      const matcher = createActionMatcher(script.actions);
      for (let kept = 1; kept < turns.length; kept += 1) {
        const prefix = turns.slice(0, kept);
        const whole = [...prefix, ...writeTrajectory(world, prefix)];
        expect(
          verifyTurns(matcher, whole.map(turnToWire)).fault,
          `${kept} of ${world.persona}`,
        ).toBeUndefined();
      }
    }
  });

  test("a trajectory can be asked for with few errors", () => {
    const [game] = games;
    if (game === undefined) throw new Error("no game");
    const flagged = (errors: number): number =>
      dungeonMasterTurns(writeTrajectory(game.world, [], { errors })).filter(
        (turn) => turn.parameterError || turn.placeError || turn.logicError,
      ).length;
    expect([flagged(0), flagged(1)]).toEqual([0, 1]);
  });

  test("names and planning objects are two forms of one thing", () => {
    for (const name of games[0]?.world.items.keys() ?? []) expect(nameOf(objectOf(name))).toBe(name);
  });
});
