import { type Random, randomFor } from "../random.ts";
import { type DungeonMasterTurn, type PlayerTurn, showsError, type Turn } from "../trajectory/trajectory.ts";
import { tell } from "./english.ts";
import { createPlayer, type Player } from "./intend.ts";
import { isFinished, type Judgement, judge, progressRate } from "./judge.ts";
import { chooseMistake, mistakesWanted } from "./mistakes.ts";
import { firstTurn, narrateSuccess, thoughtOnObstacle, thoughtOnSuccess } from "./narrate-dungeon-master.ts";
import { narrateIntention } from "./narrate-intention.ts";
import { type ErrorKind, errorKind, narrateObstacle, narrateRefinement, type Obstacle } from "./obstacles.ts";
import { formatDeed } from "./phrase.ts";
import { beginPlay, type Play } from "./play.ts";
import type { World } from "./world.ts";

/** No trajectory is longer than this, whatever happens. */
const MOST_TURNS = 81;

/** Where a game stands between two turns. */
interface Game {
  readonly turns: Turn[];
  play: Play;
  /** What stood in the way of the player's last action, until the player has taken it up. */
  obstacle: Obstacle | undefined;
  errors: number;
}

function drawsFor(world: World, game: Game, purpose: string): Random {
  return randomFor(world.seed, world.persona, purpose, game.turns.length);
}

/** The dungeon master's answer to what came of the player's action; with a thought of one sentence when it is brief. */
function answerTurn(world: World, judgement: Judgement, random: Random, isBrief: boolean): DungeonMasterTurn {
  const { play, obstacle, deed } = judgement;
  const kind = obstacle === undefined ? undefined : errorKind(obstacle.code);
  const finished = obstacle === undefined && isFinished(world, play);
  const told =
    obstacle === undefined
      ? narrateSuccess(world, play, deed, random)
      : narrateObstacle(world, play, obstacle, random);
  const closing = finished ? ` ${tell("closing", {}, random)}` : "";
  const thought =
    obstacle === undefined
      ? thoughtOnSuccess({ world, play, isBrief }, deed, random)
      : thoughtOnObstacle({ world, play, isBrief }, obstacle, random);
  return {
    role: "DM",
    thought,
    observation: `${told}${closing}`,
    parameterError: kind === "parameter",
    placeError: kind === "place",
    logicError: kind === "logic",
    progressRate: progressRate(world, play),
    finished,
  };
}

function errorKinds(turns: readonly Turn[]): ReadonlySet<ErrorKind> {
  const kinds = ["parameter", "place", "logic"] as const;
  return new Set(kinds.filter((kind) => turns.some((turn) => turn.role === "DM" && turn[`${kind}Error`])));
}

function playerTurn(world: World, game: Game, player: Player, wanted: number): PlayerTurn {
  const random = drawsFor(world, game, "player");
  const intention = player(game.play);
  const refinement =
    game.obstacle === undefined
      ? ""
      : `${narrateRefinement(world, game.play, game.obstacle, intention.deed.operation, random)} `;
  const mistake = chooseMistake(world, game.play, intention, {
    errors: game.errors,
    wanted,
    afterError: game.obstacle !== undefined,
    random: drawsFor(world, game, "mistake"),
    made: errorKinds(game.turns),
    avoid: game.turns.flatMap((turn) => (turn.role === "Player" ? [turn.action] : [])),
  });
  const thought = mistake?.thought ?? narrateIntention(world, game.play, intention, random);
  return {
    role: "Player",
    thought: `${refinement}${thought}`,
    action: mistake?.action ?? formatDeed(world.wording, intention.deed),
  };
}

/** Takes a dungeon master's turn into the game after the player's action was judged. */
function takeAnswer(game: Game, judgement: Judgement, turn: DungeonMasterTurn): void {
  game.turns.push(turn);
  const error = showsError(turn);
  game.obstacle = error ? judgement.obstacle : undefined;
  if (error) game.errors += 1;
  else game.play = judgement.play;
}

function replay(world: World, verified: readonly Turn[]): Game {
  const game: Game = { turns: [], play: beginPlay(world), obstacle: undefined, errors: 0 };
  for (const turn of verified) {
    const before = game.turns.at(-1);
    if (turn.role === "DM" && before?.role === "Player") {
      takeAnswer(game, judge(world, game.play, before.action), turn);
    } else game.turns.push(turn);
  }
  return game;
}

/** What may be asked of a game. */
interface GameOptions {
  /** How many error turns there are to be in all; 2 to 5 as the world has it when it is not given. */
  readonly errors?: number | undefined;
  /** Whether the dungeon master's thoughts are one sentence each. */
  readonly isBrief?: boolean;
}

/**
 * Plays the game of a world from after the verified turns to its end and gives the turns that follow them. The
 * same arguments always give the same turns.
 */
export function writeTrajectory(
  world: World,
  verified: readonly Turn[] = [],
  { errors = mistakesWanted(world), isBrief = false }: GameOptions = {},
): readonly Turn[] {
  const game = replay(world, verified);
  const player = createPlayer(world);
  if (game.turns.length === 0)
    game.turns.push(firstTurn(world, drawsFor(world, game, "dungeon-master"), isBrief));
  while (game.turns.length < MOST_TURNS) {
    const last = game.turns.at(-1);
    if (last?.role === "Player") {
      const judgement = judge(world, game.play, last.action);
      takeAnswer(
        game,
        judgement,
        answerTurn(world, judgement, drawsFor(world, game, "dungeon-master"), isBrief),
      );
    } else if (last?.finished === true) break;
    else game.turns.push(playerTurn(world, game, player, errors));
  }
  return game.turns.slice(verified.length);
}
