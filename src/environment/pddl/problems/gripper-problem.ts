import { type Problem, problemOf } from "../../../pddl/problem.ts";
import type { Random } from "../../../random.ts";
import type { Difficulty } from "../../environment.ts";
import { GRIPPER } from "../games/gripper.ts";
import { fact, goalOf, numbered } from "./facts.ts";

const ROOMS = ["rooma", "roomb", "roomc", "roomd"] as const;
const GRIPPERS = ["left", "right"] as const;

/** Balls that all have to go to another room: 3 or 4 in two rooms, or 5 or 6 in three or four. */
export function generateGripperProblem(name: string, difficulty: Difficulty, random: Random): Problem {
  const isEasy = difficulty === "easy";
  const rooms = ROOMS.slice(0, isEasy ? 2 : 3 + random.integer(2));
  const balls = numbered("ball", (isEasy ? 3 : 5) + random.integer(2));
  const ways = balls.map((ball) => {
    const [from = "", to = ""] = random.shuffle(rooms);
    return { ball, from, to };
  });
  const facts = [
    ...rooms.map((room) => fact("room", room)),
    ...balls.map((ball) => fact("ball", ball)),
    ...GRIPPERS.flatMap((gripper) => [fact("gripper", gripper), fact("free", gripper)]),
    ...ways.map(({ ball, from }) => fact("at", ball, from)),
    fact("at-robby", random.pick(rooms)),
  ];
  const objects = [...rooms, ...balls, ...GRIPPERS].map((object) => ({ name: object, types: ["object"] }));
  const goal = goalOf(ways.map(({ ball, to }) => fact("at", ball, to)));
  return problemOf(name, GRIPPER.domain, objects, facts, goal);
}
