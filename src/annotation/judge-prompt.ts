import type { ChatRequest } from "../model/chat-model.ts";
import { formatReAct } from "../react.ts";
import { scriptToText } from "../script/wire.ts";
import { historyText, type JudgedTurn } from "./judged-turn.ts";
import { type TurnVerdict, VERDICTS, WHAT_IS_WRONG } from "./verdict.ts";

const SYSTEM = `You judge single turns of a text-based game. A player tries to reach the goal of a script. You are given the script, which the player has not seen as a whole, what the player thought, did and observed so far, and the player's next turn.

Decide whether that turn is right, so that the game may go on from it, or wrong, so that the player has to refine it. It is wrong for one of these reasons:
${WHAT_IS_WRONG.map((each) => `- ${each}`).join("\n")}
A detour is no error as long as it finds something out or changes something. Judge the action by the script and by all that has happened; a thought counts only as far as it leads to the action.

Reason briefly. Then end with one line, either "Verdict: right" or "Verdict: wrong".`;

/** What a model is asked about a turn: the same that people are shown. */
export function judgeRequest({ script, history, judged }: JudgedTurn): ChatRequest {
  const content = [
    `<script>\n${scriptToText(script)}\n</script>`,
    `<history>\n${history.map(historyText).join("\n\n")}\n</history>`,
    `<turn>\n${formatReAct(judged)}\n</turn>`,
    "Is this turn right or wrong?",
  ].join("\n\n");
  return {
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content },
    ],
  };
}

const LABELLED = /verdict\W{0,6}(right|wrong)\b/gi;
const ALONE = /^\W*(right|wrong)\W*$/i;

/** The verdict that a reply names: the last one with its label, else the whole of it; undefined when there is none. */
export function verdictOf(reply: string): TurnVerdict | undefined {
  const word = [...reply.matchAll(LABELLED)].at(-1)?.[1] ?? ALONE.exec(reply)?.[1];
  return VERDICTS.find((verdict) => verdict === word?.toLowerCase());
}
