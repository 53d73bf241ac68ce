import { describe, expect, test } from "vitest";
import { drawWorld } from "../testing/draw-world.ts";
import { applyMove, copyWorld, type Move, type World } from "../world/world.ts";
import { type Description, type Instruction, missionSentence, navigationsNeeded } from "./instruction.ts";
import { beginCheck, type Status, verifyMission } from "./verifier.ts";

const ROOM = { x: 0, y: 0, width: 20, height: 20 };

function statuses(
  start: World,
  instruction: Instruction,
  moves: readonly Move[],
  forgiving = false,
): Status[] {
  const world = copyWorld(start);
  let check = beginCheck(world, instruction, ROOM);
  return moves.map((move) => {
    applyMove(world, move);
    const verified = verifyMission(world, check, move, forgiving);
    check = verified.check;
    return verified.status;
  });
}

const room = drawWorld(
  "## ## ## ## ## ##",
  "## .. kr .. ob ##",
  "Dg >. .. .. .. Db",
  "## .. .. xy .. ##",
  "## ## ## ## ## ##",
);
const redKey = { kind: "key", color: "red" } as const;
const blueBall = { kind: "ball", color: "blue" } as const;

describe("verifying missions", () => {
  test("going to a thing means looking at it from beside", () => {
    const goTo = { code: "go-to", target: redKey } as const;
    expect(statuses(room, goTo, ["forward", "left"])).toEqual(["continue", "success"]);
  });

  test("a place is remembered after its thing was taken, until something is dropped", () => {
    const goTo = { code: "go-to", target: redKey } as const;
    const moves = ["forward", "left", "pickup", "right", "left", "drop", "right"] as const;
    expect(statuses(room, goTo, moves).slice(2)).toEqual([
      "success",
      "continue",
      "success",
      "success",
      "continue",
    ]);
  });

  test("picking up another thing fails a strict mission only", () => {
    const pick = (strict: boolean): Instruction => ({ code: "pick-up", target: blueBall, strict });
    const moves = ["forward", "left", "pickup"] as const;
    expect(statuses(room, pick(true), moves).at(-1)).toBe("failure");
    expect(statuses(room, pick(false), moves).at(-1)).toBe("continue");
  });

  test("putting next counts when the thing is dropped beside the other", () => {
    const put = { code: "put-next", target: redKey, beside: blueBall } as const;
    const fetch = ["forward", "left", "pickup"] as const;
    expect(statuses(room, put, [...fetch, "forward", "right", "drop"]).at(-1)).toBe("success");
    expect(statuses(room, put, [...fetch, "drop"]).at(-1)).toBe("continue");
  });

  test("an order is kept: the later part counts only after the earlier", () => {
    const first = { code: "go-to", target: redKey } as const;
    const second = { code: "go-to", target: { kind: "door", color: "green" } } as const;
    const atKey = ["forward", "left"] as const;
    const doorAfterKey = ["left", "forward"] as const;
    const atDoor = ["left", "left"] as const;
    const keyAfterDoor = ["right", "right", "forward", "left"] as const;
    const before = { code: "before", first, second } as const;
    const after = { code: "after", first: second, second: first } as const;
    for (const mission of [before, after]) {
      expect(statuses(room, mission, [...atKey, ...doorAfterKey])).toEqual([
        "continue",
        "continue",
        "continue",
        "success",
      ]);
      expect(statuses(room, mission, [...atDoor, ...keyAfterDoor])).not.toContain("success");
    }
    const both = { code: "and", first, second } as const;
    expect(statuses(room, both, [...atDoor, ...keyAfterDoor]).at(-1)).toBe("success");
    expect(statuses(room, both, [...atKey, ...doorAfterKey]).at(-1)).toBe("success");
  });

  test("the move that opens the first door fails a strict second part in the original, not when forgiving", () => {
    const open = (color: "green" | "blue"): Instruction => ({
      code: "open",
      target: { kind: "door", color },
      strict: true,
    });
    const mission: Instruction = { code: "before", first: open("green"), second: open("blue") };
    const moves = ["left", "left", "toggle"] as const;
    expect(statuses(room, mission, moves, false).at(-1)).toBe("failure");
    expect(statuses(room, mission, moves, true).at(-1)).toBe("continue");
    const across = ["left", "left", "forward", "forward", "forward", "toggle"] as const;
    expect(statuses(room, mission, [...moves, ...across], true).at(-1)).toBe("success");
    expect(statuses(room, mission, [...across.slice(2), ...moves], true)).toContain("failure");
  });
});

describe("missions in words", () => {
  const words = (instruction: Instruction): string => missionSentence(room, instruction, ROOM);
  const goTo = (target: Description): Instruction => ({ code: "go-to", target });

  test("one thing is 'the', several are 'a', any kind is 'object'", () => {
    expect(words(goTo(redKey))).toBe("go to the red key");
    expect(words(goTo({ kind: "door" }))).toBe("go to a door");
    expect(words(goTo({ color: "yellow" }))).toBe("go to the yellow object");
    expect(words(goTo({ color: "grey" }))).toBe("go to a grey object");
    expect(words(goTo({ kind: "door", location: "front" }))).toBe("go to the door in front of you");
    expect(words(goTo({ kind: "key", location: "left" }))).toBe("go to the key on your left");
  });

  test("parts are joined and counted", () => {
    const put = { code: "put-next", target: redKey, beside: blueBall } as const;
    const pick = { code: "pick-up", target: blueBall, strict: false } as const;
    const both = { code: "and", first: put, second: pick } as const;
    expect(words({ code: "after", first: both, second: pick })).toBe(
      "put the red key next to the blue ball and pick up the blue ball after you pick up the blue ball",
    );
    expect(words({ code: "before", first: pick, second: put })).toContain(", then put");
    expect(navigationsNeeded({ code: "after", first: both, second: pick })).toBe(4);
  });
});
