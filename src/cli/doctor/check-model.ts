import type { DoctorFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import { defined } from "../../defined.ts";
import { AgentRefineError } from "../../errors.ts";
import { ChatError, type ChatErrorCode } from "../../model/chat-model.ts";
import { type ModelReport, probeModel } from "../../model/probe.ts";
import { wholeNumber } from "../../numbers.ts";
import { UsageError } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import type { Check } from "./check.ts";

/** About how many tokens the longest prompts of a persona have, and what a trajectory needs beside. */
const PROMPT_TOKENS = 3700;
const ROOM_TOKENS = 8192;

const FIXES: Partial<Record<ChatErrorCode, string>> = {
  unreachable:
    "Start the server, or check --base-url; proxies are those of HTTP_PROXY, HTTPS_PROXY and NO_PROXY.",
  overloaded:
    "It still loads its model or has too much to do: ask again soon. generate and evaluate wait for it. Some gateways answer so where no key is sent (--api-key-env).",
  "rate-limited": "It takes no more requests now: ask again soon. generate and evaluate wait for it.",
  timeout: "Give a slow server more time with --timeout SECONDS.",
  unauthorized:
    "Set the right key: --api-key-env names the variable; docs/models.md says which are looked for.",
  "no-credit": "Top up the account.",
  "not-found": "Check --model and --base-url.",
};

/** What the server of a model can do. Rejects with AgentRefineError for settings that cannot be used. */
export async function checkModel(flags: DoctorFlags, host: Host): Promise<readonly Check[]> {
  const { model, baseUrl, provider, apiKeyEnv, headers, timeout } = flags;
  if (model === undefined) {
    throw new UsageError("doctor does not know which model to ask", { fix: "Name it with --model." });
  }
  const patience = timeout && timeout * 1000;
  const settings = {
    model,
    ...defined({ baseUrl, provider, apiKeyEnv, headers, idleTimeout: patience, totalTimeout: patience }),
  };
  try {
    return reportChecks(await probeModel(settings, await withDotEnv(host.env, host.directory)));
  } catch (error) {
    if (!(error instanceof ChatError || error instanceof AgentRefineError)) throw error;
    const fix = error instanceof ChatError ? FIXES[error.code] : error.fix;
    return [{ name: "model", state: "broken", found: error.message, fix }];
  }
}

function reportChecks(report: ModelReport): readonly Check[] {
  return [
    checkReply(report),
    checkStreaming(report),
    checkUsage(report),
    checkAbort(report),
    checkSchema(report),
    checkReasoning(report),
    checkContext(report),
    ...report.notes.map((found): Check => ({ name: "note", state: "ready", found })),
  ];
}

function checkReply({ reply, duration, sendsKey }: ModelReport): Check {
  const seconds = `${(duration / 1000).toFixed(1)} s`;
  const name = "model";
  const answers = sendsKey ? "accepts the key and answers" : "answers without a key";
  if (reply.text.trim() !== "") return { name, state: "ready", found: `${answers}, in ${seconds}` };
  const found = `${answers}, but with no text (${reply.refusal ?? `finish: ${reply.finish}`})`;
  return { name, state: "broken", found, fix: "Take a model that answers in text." };
}

function checkStreaming({ pieces, firstText, duration, reply }: ModelReport): Check {
  const name = "streaming";
  if (pieces > 1) {
    const speed = Math.round(
      (reply.usage.completionTokens - 1) / Math.max(0.001, (duration - firstText) / 1000),
    );
    const found = `in ${pieces} pieces, the first after ${(firstText / 1000).toFixed(1)} s, ${speed} tokens a second`;
    return { name, state: "ready", found };
  }
  const fix = "Nothing can be stopped at its first fault; --no-stream spares the attempt.";
  return { name, state: "absent", found: "replies come in one piece", fix };
}

function checkUsage({ reply: { usage } }: ModelReport): Check {
  const { promptTokens, completionTokens, cachedTokens, estimated } = usage;
  const name = "usage";
  if (estimated) return { name, state: "absent", found: "not sent, so that tokens and costs are estimated" };
  const cached = cachedTokens > 0 ? `, ${wholeNumber(cachedTokens)} from the cache` : "";
  return { name, state: "ready", found: `${promptTokens} + ${completionTokens} tokens${cached}` };
}

function checkAbort({ abort }: ModelReport): Check {
  const name = "stopping";
  if (abort === "noticed")
    return { name, state: "ready", found: "a call that is closed ends at the server too" };
  if (abort === "unseen")
    return { name, state: "absent", found: "the server does not tell what it works on" };
  const found = "the server continues to write after a call was closed";
  return {
    name,
    state: "broken",
    found,
    fix: "Update the server or the gateway before it, or what is stopped is paid all the same.",
  };
}

function checkSchema({ structured }: ModelReport): Check {
  const name = "JSON Schema";
  if (structured === "kept") return { name, state: "ready", found: "kept to, so --structured can be used" };
  const found = structured === "ignored" ? "ignored" : `refused: ${structured.message}`;
  return { name, state: "absent", found, fix: "Leave --structured out." };
}

function checkReasoning({ reasoning }: ModelReport): Check {
  const name = "reasoning";
  if (reasoning === "none") return { name, state: "absent", found: "none was seen" };
  if (reasoning === "field") return { name, state: "ready", found: "in a field of its own" };
  const fix = "Replies are read all the same, but judged late: start the server with its reasoning parser.";
  return { name, state: "absent", found: "inside the text", fix };
}

function checkContext({ contextLength }: ModelReport): Check {
  const name = "context";
  if (contextLength === undefined)
    return { name, state: "absent", found: "the server does not tell its length" };
  const found = `${wholeNumber(contextLength)} tokens`;
  if (contextLength >= PROMPT_TOKENS + ROOM_TOKENS) return { name, state: "ready", found };
  const room = wholeNumber(Math.max(0, contextLength - PROMPT_TOKENS));
  return {
    name,
    state: contextLength > PROMPT_TOKENS + 1024 ? "ready" : "broken",
    found: `${found}; prompts of generate have up to ${wholeNumber(PROMPT_TOKENS)}, which leaves ${room} for a reply`,
    fix: "Start the server with a longer context when replies are cut off.",
  };
}
