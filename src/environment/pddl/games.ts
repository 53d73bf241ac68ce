import * as z from "zod";
import { type Domain, parseDomain } from "../../pddl/domain.ts";
import { once, shippedData, shippedText } from "../../shipped.ts";

const gameName = z.enum(["gripper", "blockworld", "barman", "tyreworld"]);

/** One of the four games, by the name that AgentBoard gives it. */
export type GameName = z.infer<typeof gameName>;

const gameSchema = z.strictObject({
  /** An observation after an action tells only what has become true; `look around` is listed to make up for it. */
  tellsOnlyChanges: z.boolean(),
  /** What players are told: of the world, of their part in it, and of each action in the domain's order. */
  world: z.string(),
  player: z.string(),
  actions: z
    .array(
      z.strictObject({
        /** Its name in the domain. */
        name: z.string(),
        /** What its places are called, in the domain's order. */
        places: z.array(z.string()).readonly(),
        description: z.string(),
        /** What stands for it in its wording, and another verb for it (App. K). */
        verb: z.string(),
        otherVerb: z.string(),
      }),
    )
    .readonly(),
  /** A small problem, as PDDL has it, and turns that solve it; those of blockworld begin with a mistake. */
  example: z.strictObject({
    objects: z.string(),
    initial: z.string(),
    goal: z.string(),
    turns: z.array(z.strictObject({ thought: z.string(), action: z.string() })).readonly(),
  }),
});

/** One PDDL domain and how AgentBoard shows it. */
export type Game = Readonly<z.infer<typeof gameSchema>> & {
  readonly name: GameName;
  readonly domain: Domain;
};

const gameFile = shippedData("pddl/games.json", z.record(gameName, gameSchema));

/** The games in AgentBoard's order. */
export const games: () => readonly Game[] = once(() =>
  gameName.options.map((name) => ({
    ...gameFile()[name],
    name,
    domain: parseDomain(shippedText(`pddl/${name}.pddl`)),
  })),
);

export function gameOf(name: GameName): Game {
  const game = games().find((each) => each.name === name);
  if (game === undefined) throw new Error(`there is no game ${name}`);
  return game;
}

/**
 * How AgentBoard words predicates and actions, to the character, trailing blanks and odd sentences included, cut at the
 * gaps, each of which takes the next object. One list serves all games: where two games share a name, the wording of
 * the later one holds for both (hence "The {} is clear." for blocks and "Hub" nowhere for `free`).
 */
const wordings = shippedData(
  "pddl/wording.json",
  z
    .record(z.string(), z.string())
    .transform((texts) => new Map(Object.entries(texts).map(([name, text]) => [name, text.split("{}")]))),
);

/**
 * The text of a fact or an action. Objects that the wording has no gap for are left out; a name without a wording
 * is written as `name object object`.
 */
export function wordingOf(name: string, objects: readonly string[]): string {
  const pieces = wordings().get(name);
  if (pieces === undefined) return `${name} ${objects.join(" ")}`;
  let text = pieces[0] ?? "";
  for (let gap = 1; gap < pieces.length; gap += 1) text += (objects[gap - 1] ?? "") + (pieces[gap] ?? "");
  return text;
}
