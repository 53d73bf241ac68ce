import type { Start, Step, World } from "../world.ts";
import { openGame } from "./game-thread.ts";
import type { Scorer } from "./jericho-suite.ts";
import type { StoryFile } from "./stories.ts";

/** How a game is shown and scored. */
export interface Staging {
  readonly goal: string;
  /** Shown first; the game's own first text when not given. */
  readonly observation?: string | undefined;
  /** Progress by label; when not given, the share of the game's own score, and a game that is won is achieved. */
  readonly scorer?: Scorer | undefined;
}

const CHECK = "check valid actions";
const MOST_WORDS = 20;

/** The action that the game gets of what a model says: until a comma or a full stop, twenty words at most. */
function cutAction(action: string): string {
  const [beforeComma = ""] = action.split(",");
  const [beforeStop = ""] = beforeComma.split(".");
  return beforeStop.split(" ").slice(0, MOST_WORDS).join(" ");
}

/** A text in one line, without the game's own remarks on the score. */
function cleanText(text: string): string {
  return text
    .replaceAll("\n", " ")
    .replace(/ {2,}/g, " ")
    .replace(/\[Your score .*?\]/g, "");
}

/** A game as AgentBoard shows it to an agent. */
export async function openJerichoWorld(
  story: StoryFile,
  { goal, observation, scorer }: Staging,
): Promise<World> {
  const game = await openGame(story);
  const { maxScore } = story.facts;
  let progress = 0;
  let last: Step | undefined;
  const actions = async () => [...(await game.actions()), CHECK];
  const scored = (shown: string, won: boolean, score: number): { progress: number; success: number } => {
    if (scorer === undefined) {
      progress = won ? 1 : Math.max(progress, Math.min(1, score / maxScore));
      return { progress, success: won ? 1 : 0 };
    }
    progress = scorer.after(shown);
    return { progress, success: progress === 1 ? 1 : 0 };
  };
  const play = async (action: string): Promise<Step> => {
    const { text, won, lost, score } = await game.step(action);
    const shown = cleanText(text);
    const scores = scored(shown, won, score);
    const isOver = scores.success === 1 || won || lost;
    return {
      observation: shown,
      scores,
      understood: !shown.includes("[!"),
      ...(isOver ? { ending: scores.success === 1 ? "success" : "failure" } : {}),
    };
  };
  return {
    reset: async (): Promise<Start> => ({
      goal,
      observation: observation ?? cleanText(game.start.text).trim(),
    }),
    step: async (given) => {
      if (last?.ending !== undefined) return last;
      const action = cutAction(given);
      if (/check/i.test(action) && /action/i.test(action)) {
        const listed = (await actions()).join(", ");
        return {
          observation: `You can take the following actions: ${listed}`,
          scores: { progress, success: 0 },
          understood: true,
        };
      }
      last = await play(action);
      return last;
    },
    actions,
    [Symbol.asyncDispose]: () => game[Symbol.asyncDispose](),
  };
}
