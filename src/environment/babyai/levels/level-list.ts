import { anySentence, FULL_RANGE } from "./any-sentence.ts";
import * as goTo from "./go-to.ts";
import { GREAT_MAZE, type Level, singleRoom } from "./level.ts";
import * as open from "./open.ts";
import { DEED_TO_THING_OR_DOOR } from "./open.ts";
import * as pickUp from "./pick-up.ts";
import * as putNext from "./put-next.ts";
import * as unlock from "./unlock.ts";

const SMALL_MAZE = { columns: 2, rows: 2, roomSize: 5 } as const;
const CLAUSE_ONLY = { ...FULL_RANGE, implicitUnlock: false, forms: ["clause"] } as const;

/** A level under its name in Minigrid 2.3.0. */
export interface NamedLevel {
  /** AgentBoard's number, from 1. */
  readonly number: number;
  readonly name: string;
  readonly level: Level;
}

const NAMED: readonly (readonly [string, Level])[] = [
  ["GoToRedBallGrey", goTo.GO_TO_RED_BALL_GREY],
  ["GoToRedBall", goTo.goToRedBall(7)],
  ["GoToRedBallNoDists", goTo.goToRedBall(0)],
  // The original's "S6" rooms have side 4.
  ["GoToObjS6", goTo.goToOnlyThing(4)],
  ["GoToLocalS8N7", goTo.goToLocal(8, 7)],
  ["GoToObjMazeS7", goTo.goToInMaze({ ...GREAT_MAZE, roomSize: 7 }, 1)],
  ["GoToImpUnlock", goTo.GO_TO_IMPLICIT_UNLOCK],
  [
    "GoToSeqS5R2",
    anySentence({
      ...FULL_RANGE,
      shape: SMALL_MAZE,
      distractors: 4,
      lockedRoom: 0,
      locations: false,
      unblocking: false,
      deeds: ["go-to"],
    }),
  ],
  ["GoToRedBlueBall", goTo.GO_TO_RED_BLUE_BALL],
  ["GoToDoor", goTo.GO_TO_DOOR],
  ["GoToObjDoor", goTo.GO_TO_THING_OR_DOOR],
  ["Open", open.OPEN_IN_MAZE],
  ["OpenRedDoor", open.OPEN_RED_DOOR],
  ["OpenDoorLoc", open.OPEN_DOOR_BY_LOCATION],
  ["OpenRedBlueDoorsDebug", open.OPEN_RED_THEN_BLUE_STRICT],
  ["OpenDoorsOrderN4Debug", open.OPEN_DOORS_IN_ORDER_STRICT],
  ["Pickup", pickUp.PICK_UP_IN_MAZE],
  ["UnblockPickup", pickUp.PICK_UP_BLOCKED],
  [
    "PickupLoc",
    anySentence({
      ...FULL_RANGE,
      shape: singleRoom(8),
      distractors: 8,
      lockedRoom: 0,
      unblocking: false,
      deeds: ["pick-up"],
      forms: ["clause"],
    }),
  ],
  ["PickupDistDebug", pickUp.PICK_UP_AMONG_STRICT],
  ["PickupAbove", pickUp.PICK_UP_ABOVE],
  ["PutNextLocalS6N4", putNext.putNextLocal(6, 4)],
  ["PutNextS7N4Carrying", putNext.putNextCarrying(7, 4)],
  ["Unlock", unlock.UNLOCK_IN_MAZE],
  ["UnlockLocalDist", unlock.UNLOCK_LOCAL_AMONG],
  ["KeyInBox", unlock.KEY_IN_BOX],
  ["UnlockPickupDist", unlock.UNLOCK_TO_PICK_UP],
  ["BlockedUnlockPickup", unlock.BLOCKED_UNLOCK_TO_PICK_UP],
  ["UnlockToUnlock", unlock.UNLOCK_TO_UNLOCK],
  ["ActionObjDoor", DEED_TO_THING_OR_DOOR],
  ["FindObjS7", pickUp.findThing(7)],
  ["KeyCorridorS6R3", unlock.keyCorridor(6)],
  ["OneRoomS20", pickUp.pickUpOnlyBall(20)],
  ["MoveTwoAcrossS8N9", putNext.moveTwoAcross(8, 9)],
  [
    "SynthS5R2",
    anySentence({ ...CLAUSE_ONLY, shape: { columns: 3, rows: 2, roomSize: 5 }, locations: false }),
  ],
  ["SynthLoc", anySentence(CLAUSE_ONLY)],
  ["SynthSeq", anySentence({ ...FULL_RANGE, implicitUnlock: false })],
  ["MiniBossLevel", anySentence({ ...FULL_RANGE, shape: SMALL_MAZE, distractors: 7, lockedRoom: 0.25 })],
  ["BossLevel", anySentence(FULL_RANGE)],
  ["BossLevelNoUnlock", anySentence({ ...FULL_RANGE, lockedRoom: 0, implicitUnlock: false })],
];

/** AgentBoard's 40 levels, by number. */
export const LEVELS: readonly NamedLevel[] = NAMED.map(([name, level], i) => ({
  number: i + 1,
  name: `BabyAI-${name}-v0`,
  level,
}));

/** The level with AgentBoard's number, or undefined. */
export function findLevel(number: number): NamedLevel | undefined {
  return LEVELS[number - 1];
}
