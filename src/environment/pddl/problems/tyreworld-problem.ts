import { type Problem, problemOf } from "../../../pddl/problem.ts";
import type { Fact } from "../../../pddl/state.ts";
import type { Random } from "../../../random.ts";
import type { Difficulty } from "../../environment.ts";
import { TYREWORLD } from "../games/tyreworld.ts";
import { fact, goalOf, numbered } from "./facts.ts";

const TOOLS = ["wrench", "jack", "pump"] as const;

function startFacts(hubs: readonly string[], random: Random): readonly Fact[] {
  const lid = random.chance(0.8) ? "closed" : "isopen";
  const ofHub = (hub: string, i: number): readonly Fact[] => {
    const [flat, spare, nuts] = [`w${i + 1}`, `r${i + 1}`, `nuts${i + 1}`];
    return [
      fact("on", flat, hub),
      fact("on-ground", hub),
      fact("fastened", hub),
      fact("tight", nuts, hub),
      fact("in", spare, "boot"),
      fact("intact", spare),
      fact(random.chance(0.8) ? "not-inflated" : "inflated", spare),
    ];
  };
  return [
    fact("unlocked", "boot"),
    fact(lid, "boot"),
    ...TOOLS.map((tool) => fact("in", tool, "boot")),
    ...hubs.flatMap(ofHub),
  ];
}

/** What shall be true of a hub whose wheel is changed. */
function changed(hub: string, number: number): readonly Fact[] {
  return [
    fact("on", `r${number}`, hub),
    fact("inflated", `r${number}`),
    fact("tight", `nuts${number}`, hub),
    fact("in", `w${number}`, "boot"),
  ];
}

/**
 * One wheel to be changed (easy) or two (hard); there may be one more hub that nothing is wanted of. For half of
 * the easy ones it is enough to bring the wheel on, without fastening it for good and tidying up.
 */
export function generateTyreworldProblem(name: string, difficulty: Difficulty, random: Random): Problem {
  const wanted = difficulty === "easy" ? 1 : 2;
  const hubs = numbered("the-hub", wanted + random.integer(2));
  const chosen = random.shuffle(hubs.map((hub, i) => ({ hub, number: i + 1 }))).slice(0, wanted);
  const facts = chosen.flatMap(({ hub, number }) => changed(hub, number));
  const goal = goalOf(difficulty === "easy" && random.chance(0.5) ? facts.slice(0, 2) : facts);
  const objects = [
    { name: "boot", types: ["container"] },
    ...hubs.map((hub) => ({ name: hub, types: ["hub"] })),
    ...numbered("nuts", hubs.length).map((nuts) => ({ name: nuts, types: ["nut"] })),
    ...["r", "w"].flatMap((kind) =>
      numbered(kind, hubs.length).map((wheel) => ({ name: wheel, types: ["wheel"] })),
    ),
  ];
  return problemOf(name, TYREWORLD.domain, objects, startFacts(hubs, random), goal);
}
