import type { ChatModel, ChatOptions, ChatReply, ChatRequest } from "../../model/chat-model.ts";
import { randomFor } from "../../random.ts";
import { readScriptRequest } from "../../script/prompt.ts";
import { lighthouse } from "../../script/testing/examples.ts";
import { scriptToText } from "../../script/wire.ts";
import { readTrajectoryRequest } from "../../trajectory/prompt.ts";
import { lighthouseTurns } from "../../trajectory/testing/examples.ts";
import type { Turn } from "../../trajectory/trajectory.ts";
import { turnToWire } from "../../trajectory/wire.ts";

/** A model that plays the example world and errs in ways that are determined by the request. */
interface ScriptedModel extends ChatModel {
  /** How many calls it has answered. */
  readonly answered: () => number;
}

function wireText(turns: readonly Turn[], from: number): string {
  return `[${turns
    .slice(from)
    .map((turn, index) => JSON.stringify(turnToWire(turn, from + index)))
    .join(",\n")}]`;
}

function withoutErrors(turns: readonly Turn[]): readonly Turn[] {
  return turns.map((turn) =>
    turn.role === "DM" ? { ...turn, parameterError: false, placeError: false, logicError: false } : turn,
  );
}

/** The reply to a request: the right one, or one of the faults of Algorithm 1. */
export function scriptedReply(request: ChatRequest, faultRate: number): string {
  const random = randomFor("scripted", JSON.stringify(request.messages));
  const errs = random.chance(faultRate);
  const kind = random.integer(5);
  if (readScriptRequest(request) !== undefined) {
    const text = scriptToText(lighthouse);
    return errs ? text.slice(0, random.integer(text.length)) : text;
  }
  const from = readTrajectoryRequest(request)?.verified.length ?? 0;
  const text = wireText(lighthouseTurns, from);
  if (!errs) return text;
  if (kind === 0) return text.slice(0, random.integer(text.length));
  if (kind === 1) return text.replace("Task Succeed", "Well done");
  if (kind === 2) return text.replace('"Thought"', '"thought"');
  if (kind === 3) return text.replace('"Action":"', '"Action":"please ');
  return wireText(withoutErrors(lighthouseTurns), 0);
}

/** A model that answers at once, in pieces of 20 characters, and obeys `watch`. */
export function scriptedModel(faultRate: number): ScriptedModel {
  let answered = 0;
  return {
    name: "scripted",
    answered: () => answered,
    async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatReply> {
      await new Promise((resolve) => setImmediate(resolve));
      options.stop?.throwIfAborted();
      answered += 1;
      const whole = scriptedReply(request, faultRate);
      const watch = options.watch?.();
      let length = 0;
      let isStopped = false;
      while (length < whole.length && !isStopped) {
        isStopped = watch?.(whole.slice(length, length + 20)) ?? false;
        length = Math.min(whole.length, length + 20);
      }
      const completionTokens = Math.ceil(length / 4);
      return {
        text: whole.slice(0, length),
        finish: isStopped ? "aborted" : "stop",
        usage: { promptTokens: 10, completionTokens, cachedTokens: 0, estimated: isStopped },
      };
    },
  };
}
