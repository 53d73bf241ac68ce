import { describe, expect, test } from "vitest";
import { ChatError, type ChatReply, type ChatRequest } from "../model/chat-model.ts";
import { toPersona } from "../persona/persona.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import { scriptRequest } from "../script/prompt.ts";
import type { Script } from "../script/script.ts";
import { verifyScript } from "../script/verify-script.ts";
import { trajectoryRequest } from "../trajectory/prompt.ts";
import { PAPER_FORM, type ReplyForm, WIRES } from "../trajectory/turn-wires.ts";
import { verifyReply } from "../verifier/verification.ts";
import { DEFAULT_FAULT_RATES, type FaultRates, scaleFaultRates } from "./fault-rates.ts";
import { makeWorld } from "./make-world.ts";
import { offlineModel } from "./offline-model.ts";
import { somePersonas } from "./testing/some-personas.ts";
import { writeScript } from "./write-script.ts";

const personas = somePersonas().slice(0, 15);
const NO_FAULTS = scaleFaultRates(DEFAULT_FAULT_RATES, 0);
const perfect = offlineModel({ seed: "test", faultRates: NO_FAULTS });

const scripts = new Map(personas.map((persona) => [persona, writeScript(makeWorld("test", persona))]));

function scriptOf(persona: string): Script {
  const script = scripts.get(persona);
  if (script === undefined) throw new Error(persona);
  return script;
}

function gameRequest(persona: string, form: ReplyForm = PAPER_FORM): ChatRequest {
  const script = scriptOf(persona);
  return trajectoryRequest(toPersona(persona), script, { kind: "begin" }, "refined", form);
}

async function scriptFaults(rates: Partial<FaultRates>): Promise<ReadonlySet<string>> {
  const model = offlineModel({ seed: "test", faultRates: { ...NO_FAULTS, ...rates } });
  const codes = new Set<string>();
  for (const persona of personas) {
    const reply = await model.chat(scriptRequest(toPersona(persona)));
    for (const fault of verifyScript(reply.text).faults ?? []) codes.add(fault.code);
  }
  return codes;
}

async function gameFaults(
  rates: Partial<FaultRates>,
  form: ReplyForm = PAPER_FORM,
  authors = personas,
): Promise<Set<string | undefined>> {
  const model = offlineModel({ seed: "test", faultRates: { ...NO_FAULTS, ...rates } });
  const codes = new Set<string | undefined>();
  for (const persona of authors) {
    const reply = await model.chat(gameRequest(persona, form));
    const matcher = createActionMatcher(scriptOf(persona).actions);
    codes.add(verifyReply(matcher, reply.text, [], "refined", form.wire).fault?.code);
  }
  return codes;
}

describe("the offline author", () => {
  test("without faults its scripts and games pass, fences and prose around them included", async () => {
    expect(await scriptFaults({ proseAround: 1 })).toEqual(new Set());
    expect(await gameFaults({ proseAround: 1 })).toEqual(new Set([undefined]));
  });

  test.each([
    ["scriptBrokenJson", "malformed-json"],
    ["scriptMissingKey", "wrong-keys"],
    ["scriptBadPattern", "bad-pattern"],
    ["scriptRejectedName", "rejected-name"],
    ["scriptMissingValues", "mismatched-parameters"],
  ])("%s makes scripts with the fault %s", async (rate, code) => {
    expect(await scriptFaults({ [rate]: 1 })).toEqual(new Set([code]));
  });

  test("writes without a fault in every form that it is asked for", async () => {
    for (const wire of WIRES) {
      for (const briefDungeonMaster of [false, true]) {
        const form = { wire, briefDungeonMaster };
        expect(await gameFaults({ proseAround: 0.5 }, form)).toEqual(new Set([undefined]));
      }
    }
  });

  test("plays the same game in both forms, and with brief thoughts of one sentence", async () => {
    const [persona = ""] = personas;
    const matcher = createActionMatcher(scriptOf(persona).actions);
    const turnsIn = async (form: ReplyForm) => {
      const { text } = await perfect.chat(gameRequest(persona, form));
      return verifyReply(matcher, text, [], "refined", form.wire).verified;
    };
    const turns = await turnsIn(PAPER_FORM);
    expect(await turnsIn({ ...PAPER_FORM, wire: "compact" })).toEqual(turns);
    const brief = await turnsIn({ wire: "compact", briefDungeonMaster: true });
    const seen = (all: typeof turns) =>
      all.map((turn) => (turn.role === "DM" ? { ...turn, thought: "" } : turn));
    expect(seen(brief)).toEqual(seen(turns));
    for (const { role, thought } of brief) if (role === "DM") expect(thought).toMatch(/^[^.]+\.$/);
  });

  test("writes a script without white space when it is asked to", async () => {
    const { text } = await perfect.chat(scriptRequest(toPersona(personas[0] ?? ""), undefined, true));
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
  });

  test.each(
    WIRES.flatMap((wire) => [
      ["brokenJson", "malformed-json", wire] as const,
      ["wrongKeys", "wrong-keys", wire] as const,
      ["unmatchedAction", "unmatched-action", wire] as const,
      ["noSuccess", "unfinished", wire] as const,
      ["errorInLastTurn", "error-in-last-turn", wire] as const,
      ["fewErrors", "too-few-errors", wire] as const,
    ]),
  )("%s makes games with the fault %s in the form %s", async (rate, code, wire) => {
    const codes = await gameFaults({ [rate]: 1 }, { ...PAPER_FORM, wire }, personas.slice(0, 6));
    expect(codes).toContain(code);
    // Where the answer to a flagged action is what cannot be read, the verifier sees that action unflagged.
    codes.delete("unmatched-action");
    codes.delete(code);
    expect(codes).toEqual(new Set());
  });

  test("plays without errors where none are asked for, but for its fault rate", async () => {
    const faultsOf = async (fewErrors: number) => {
      const model = offlineModel({ seed: "test", faultRates: { ...NO_FAULTS, fewErrors } });
      const codes = new Set<string | undefined>();
      for (const persona of personas) {
        const script = scriptOf(persona);
        const request = trajectoryRequest(toPersona(persona), script, { kind: "begin" }, "none");
        const { text } = await model.chat(request);
        codes.add(verifyReply(createActionMatcher(script.actions), text, [], "none").fault?.code);
      }
      return codes;
    };
    expect(await faultsOf(0)).toEqual(new Set([undefined]));
    expect(await faultsOf(1)).toEqual(new Set(["unwanted-error"]));
  });

  test("a reply that is cut off says so and is not accepted", async () => {
    const model = offlineModel({ seed: "test", faultRates: { ...NO_FAULTS, cutOff: 1 } });
    for (const persona of personas) {
      const reply = await model.chat(gameRequest(persona));
      expect(reply.finish).toBe("length");
      const matcher = createActionMatcher(scriptOf(persona).actions);
      expect(verifyReply(matcher, reply.text).fault).toBeDefined();
    }
  });

  test("a game is continued behind its verified turns", async () => {
    const [persona = ""] = personas;
    const script = scriptOf(persona);
    const matcher = createActionMatcher(script.actions);
    const whole = verifyReply(matcher, (await perfect.chat(gameRequest(persona))).text);
    for (const kept of [1, 2, 7, whole.verified.length - 1]) {
      const verified = whole.verified.slice(0, kept);
      const request = trajectoryRequest(toPersona(persona), script, {
        kind: "continue",
        verified,
        problem: "It broke off.",
      });
      const verdict = verifyReply(matcher, (await perfect.chat(request)).text, verified);
      expect(verdict.fault).toBeUndefined();
      expect(verdict.verified.slice(0, kept)).toEqual(verified);
    }
  });

  test("the same request gets the same reply; another text of the request may get other faults", async () => {
    const [persona = ""] = personas;
    const model = offlineModel({ seed: "test", faultRates: scaleFaultRates(DEFAULT_FAULT_RATES, 3) });
    const first = await model.chat(gameRequest(persona));
    expect(await model.chat(gameRequest(persona))).toEqual(first);
    const script = scriptOf(persona);
    const texts = new Set<string>();
    for (let i = 0; i < 12; i += 1) {
      const progress = { kind: "begin", problem: `Try number ${i}.` } as const;
      texts.add((await model.chat(trajectoryRequest(toPersona(persona), script, progress))).text);
    }
    expect(texts.size).toBeGreaterThan(2);
  });

  test("the watch gets the text in order and can stop it; usage counts what was written", async () => {
    const [persona = ""] = personas;
    const whole = await perfect.chat(gameRequest(persona));
    let fed = "";
    const stopped: ChatReply = await perfect.chat(gameRequest(persona), {
      watch: () => (piece) => {
        fed += piece;
        return fed.length > 1000;
      },
    });
    expect(stopped.finish).toBe("aborted");
    expect(stopped.text).toBe(fed);
    expect(whole.text.startsWith(fed)).toBe(true);
    expect(stopped.usage.completionTokens).toBe(Math.ceil(fed.length / 4));
    expect(stopped.usage.estimated).toBe(false);
    let all = "";
    const finished = await perfect.chat(gameRequest(persona), {
      watch: () => (piece) => {
        all += piece;
        return false;
      },
    });
    expect(finished.finish).toBe("stop");
    expect(all).toBe(whole.text);
  });

  test("a signal ends a reply with its reason", async () => {
    const [persona = ""] = personas;
    const controller = new AbortController();
    const call = perfect.chat(gameRequest(persona), { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
  });

  test("any other request is refused", async () => {
    const call = perfect.chat({ messages: [{ role: "user", content: "Sing." }] });
    await expect(call).rejects.toBeInstanceOf(ChatError);
  });

  test("scaled rates stay probabilities", () => {
    expect(Object.values(scaleFaultRates(DEFAULT_FAULT_RATES, 100)).every((rate) => rate === 1)).toBe(true);
    expect(Object.values(NO_FAULTS).every((rate) => rate === 0)).toBe(true);
  });
});
