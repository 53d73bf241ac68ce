import { addDoor, connectAll } from "../build/doors.ts";
import { type MazeShape, madeThing, roomAt, SamplingRejected } from "../build/maze.ts";
import {
  addDistractors,
  addThing,
  placeAgent,
  placeAgentOutside,
  requireAllReachable,
} from "../build/place.ts";
import { addKeyAnywhere, GREAT_MAZE, goTo, type Level, singleRoom } from "./level.ts";

/** A red ball among things that are all painted grey. */
export const GO_TO_RED_BALL_GREY: Level = {
  shape: singleRoom(8),
  generate: (maze) => {
    placeAgent(maze);
    const ball = addThing(maze, 0, 0, { kind: "ball", color: "red" });
    for (const number of addDistractors(maze, { count: 7, unique: false })) {
      maze.things[number] = { ...madeThing(maze, number), color: "grey" };
    }
    requireAllReachable(maze);
    return goTo(maze, ball);
  },
};

/** A red ball among other things. */
export function goToRedBall(distractors: number): Level {
  return {
    shape: singleRoom(8),
    generate: (maze) => {
      placeAgent(maze);
      const ball = addThing(maze, 0, 0, { kind: "ball", color: "red" });
      addDistractors(maze, { count: distractors, unique: false });
      requireAllReachable(maze);
      return goTo(maze, ball);
    },
  };
}

/** The only thing in a small room. */
export function goToOnlyThing(roomSize: number): Level {
  return {
    shape: singleRoom(roomSize),
    generate: (maze) => {
      placeAgent(maze);
      const [thing = 0] = addDistractors(maze, { count: 1, unique: true });
      return goTo(maze, thing);
    },
  };
}

/** One of several things in a room. */
export function goToLocal(roomSize: number, distractors: number): Level {
  return {
    shape: singleRoom(roomSize),
    generate: (maze) => {
      placeAgent(maze);
      const things = addDistractors(maze, { count: distractors, unique: false });
      requireAllReachable(maze);
      return goTo(maze, maze.random.pick(things));
    },
  };
}

/** One of several things in a maze. */
export function goToInMaze(shape: MazeShape, distractors: number): Level {
  return {
    shape,
    generate: (maze) => {
      placeAgent(maze);
      connectAll(maze);
      const things = addDistractors(maze, { count: distractors, unique: false });
      requireAllReachable(maze);
      return goTo(maze, maze.random.pick(things));
    },
  };
}

/** A thing in a locked room; that its door must be unlocked is not said. */
export const GO_TO_IMPLICIT_UNLOCK: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    const { random, rooms, shape } = maze;
    const column = random.integer(0, shape.columns);
    const row = random.integer(0, shape.rows);
    const door = addDoor(maze, column, row, { locked: true });
    addKeyAnywhere(maze, door);
    connectAll(maze);
    for (let i = 0; i < rooms.length; i += 1) {
      const place = { column: Math.floor(i / shape.rows), row: i % shape.rows };
      addDistractors(maze, { count: 2, unique: false, ...place });
    }
    const lockedRoom = roomAt(maze, column, row);
    placeAgentOutside(maze, lockedRoom);
    requireAllReachable(maze);
    const [thing = 0] = addDistractors(maze, { count: 1, unique: false, column, row });
    return goTo(maze, thing);
  },
};

/** A red or a blue ball, never both. */
export const GO_TO_RED_BLUE_BALL: Level = {
  shape: singleRoom(8),
  generate: (maze) => {
    placeAgent(maze);
    for (const number of addDistractors(maze, { count: 7, unique: false })) {
      const { kind, color } = madeThing(maze, number);
      if (kind === "ball" && (color === "blue" || color === "red")) {
        throw new SamplingRejected("only one red or blue ball is wanted");
      }
    }
    const color = maze.random.pick(["red", "blue"] as const);
    const ball = addThing(maze, 0, 0, { kind: "ball", color });
    requireAllReachable(maze);
    return goTo(maze, ball);
  },
};

/** One of the four doors of the middle room. */
export const GO_TO_DOOR: Level = {
  shape: { ...GREAT_MAZE, roomSize: 7 },
  generate: (maze) => {
    const doors = Array.from({ length: 4 }, () => addDoor(maze, 1, 1));
    placeAgent(maze, 1, 1);
    return goTo(maze, maze.random.pick(doors));
  },
};

/** A thing in the middle room or one of its doors. */
export const GO_TO_THING_OR_DOOR: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    placeAgent(maze, 1, 1);
    const things = addDistractors(maze, { count: 8, unique: false, column: 1, row: 1 });
    for (let i = 0; i < 4; i += 1) things.push(addDoor(maze, 1, 1));
    requireAllReachable(maze);
    return goTo(maze, maze.random.pick(things));
  },
};
