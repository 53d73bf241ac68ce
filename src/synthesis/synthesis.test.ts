import { describe, expect, test } from "vitest";
import { lighthouse } from "../script/testing/examples.ts";
import { scriptToText } from "../script/wire.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import { turnsToText } from "../trajectory/turn-wires.ts";
import { turnToWire } from "../trajectory/wire.ts";
import { begin, explain, fail, receive, request, type Synthesis, watch } from "./synthesis.ts";
import { scriptedReply } from "./testing/scripted-model.ts";

const persona = { id: "0123456789abcdef", text: "A former sailor who keeps a lighthouse." };
const script = { text: scriptToText(lighthouse) };
const whole = { text: turnsToText(lighthouseTurns) };

function rest(from: number, turns = lighthouseTurns): { text: string } {
  return { text: JSON.stringify(turns.slice(from).map((turn, index) => turnToWire(turn, from + index))) };
}

function lastWords(synthesis: Synthesis): string {
  return request(synthesis)?.messages.at(-1)?.content ?? "";
}

function outcomeOf({ stage }: Synthesis) {
  if (stage.kind !== "ended") throw new Error(`the synthesis has not ended: ${stage.kind}`);
  return stage.outcome;
}

describe("a synthesis", () => {
  test("asks for a script, then for a trajectory, and accepts a good one", () => {
    const scripted = receive(begin(persona, 4), script);
    expect(scripted.stage.kind).toBe("trajectory");
    const ended = receive(scripted, whole);
    expect(outcomeOf(ended)).toEqual({
      kind: "accepted",
      trajectory: { script: lighthouse, turns: lighthouseTurns },
    });
    expect(ended).toMatchObject({ calls: 2, faults: [] });
    expect(request(ended)).toBeUndefined();
  });

  test("tells the model what was wrong with its script", () => {
    const faulty = receive(begin(persona, 4), {
      text: script.text.replace("open (?P<container>", "shut (?P<container>"),
    });
    expect(faulty.stage.kind).toBe("script");
    expect(lastWords(faulty)).toContain('does not accept "open locker"');
    expect(receive(faulty, script).stage.kind).toBe("trajectory");
  });

  test("keeps the verified prefix and goes on behind it", () => {
    const cut = whole.text.indexOf('{"turn":7');
    const continued = receive(receive(begin(persona, 4), script), { text: whole.text.slice(0, cut + 30) });
    expect(lastWords(continued)).toContain("begins with turn 7, which is the player's");
    expect(request(continued)?.messages.at(-2)?.content).toBe(turnsToText(lighthouseTurns.slice(0, 7)));
    expect(outcomeOf(receive(continued, rest(7))).kind).toBe("accepted");
  });

  test("starts over after too few errors and then needs the whole trajectory again", () => {
    const tame = lighthouseTurns.map((turn) =>
      turn.role === "DM" ? { ...turn, parameterError: false, placeError: false, logicError: false } : turn,
    );
    const matching = tame.filter((_turn, index) => index !== 3 && index !== 4);
    const again = receive(receive(begin(persona, 4), script), { text: turnsToText(matching) });
    expect(again.faults.at(-1)?.code).toBe("too-few-errors");
    expect(lastWords(again)).toContain("Write the whole game again from turn 0");
    expect(receive(again, rest(5)).faults.at(-1)).toMatchObject({ code: "wrong-keys", turn: 0 });
    expect(outcomeOf(receive(again, whole)).kind).toBe("accepted");
  });

  test("is rejected with its last fault when it is out of calls, whatever the calls were for", () => {
    const scripts = [1, 2, 3, 4].reduce<Synthesis>(
      (synthesis) => receive(synthesis, { text: "no" }),
      begin(persona, 4),
    );
    expect(scripts.calls).toBe(4);
    expect(outcomeOf(scripts)).toMatchObject({ kind: "rejected", fault: { code: "malformed-json" } });

    let late = receive(begin(persona, 3), script);
    for (const text of [whole.text.replace("Task Succeed", "Done"), "[]"]) late = receive(late, { text });
    const outcome = outcomeOf(late);
    expect(outcome).toMatchObject({ kind: "rejected", fault: { code: "unfinished" } });
    expect(outcome.kind === "rejected" && outcome.verified).toEqual(lighthouseTurns.slice(0, -1));
  });

  test("says so when the last call brought a good script", () => {
    const late = receive(receive(begin(persona, 2), { text: "no" }), script);
    expect(outcomeOf(late)).toMatchObject({
      kind: "rejected",
      fault: { code: "out-of-calls" },
      script: lighthouse,
    });
    expect(late.faults.map(({ code }) => code)).toEqual(["malformed-json", "out-of-calls"]);
  });

  const thinking = '{"braces"} in the mind, [{"turn": 0, …}] too.\n';
  test.each(["<think>\n{}</think>\n\n", "{}\n</think>\n", "Okay.\n<think>{}</think>"])(
    "reads replies behind %j",
    (form) => {
      const before = form.replace("{}", `I plan: ${thinking}`);
      const scripted = receive(begin(persona, 4), { text: before + script.text });
      expect(watch(scripted)(before + whole.text)).toBeUndefined();
      expect(outcomeOf(receive(scripted, { text: before + whole.text })).kind).toBe("accepted");
    },
  );

  test.each([
    [{ text: " " }, "empty-reply"],
    [{ text: "", finish: "filter" }, "refused"],
    [{ text: "I cannot help with that.", finish: "filter" }, "refused"],
    [{ text: '{"Thought":"I begin', finish: "length" }, "cut-off"],
    [{ text: "", finish: "length" }, "cut-off"],
    [{ text: "", finish: "tool" }, "tool-call"],
    [{ text: "<think>so", finish: "length" }, "reasoning-only"],
    [{ text: "", reasoning: "so", finish: "stop" }, "reasoning-only"],
  ] as const)("tells %j as %s, asks once more in other words and then ends", (reply, code) => {
    for (const first of [begin(persona, 4), receive(begin(persona, 6), script)]) {
      const once = receive(first, reply);
      expect(once.faults.map((fault) => fault.code)).toEqual([code]);
      expect(lastWords(once)).not.toBe(lastWords(first));
      expect(lastWords(once)).toContain(explain(once.faults[0] ?? { code: "refused" }));
      expect(outcomeOf(receive(once, reply))).toMatchObject({ kind: "rejected", fault: { code } });
    }
  });

  test("does not send back what was cut off, and goes on behind the turns before the cut", () => {
    const cut = receive(begin(persona, 4), { text: script.text.slice(0, -100), finish: "length" });
    expect(
      JSON.stringify(request(cut)).length - JSON.stringify(request(begin(persona, 4))).length,
    ).toBeLessThan(1000);
    const at = whole.text.indexOf('{"turn":7') + 30;
    const game = receive(receive(begin(persona, 4), script), {
      text: whole.text.slice(0, at),
      finish: "length",
    });
    expect(game.faults).toEqual([{ code: "cut-off", turn: 7 }]);
    expect(outcomeOf(receive(game, rest(7))).kind).toBe("accepted");
    expect(receive(receive(begin(persona, 4), script), { ...whole, finish: "length" }).stage).toMatchObject({
      outcome: { kind: "accepted" },
    });
  });

  test("ends as failed when no reply could be had, and takes nothing more", () => {
    const failed = fail(begin(persona, 4), "the server is gone");
    expect(outcomeOf(failed)).toEqual({ kind: "failed", reason: "the server is gone" });
    expect(receive(failed, script)).toBe(failed);
  });

  test("watches the text of a trajectory and not that of a script", () => {
    const scripted = receive(begin(persona, 4), script);
    expect(watch(begin(persona, 4))("]]]")).toBeUndefined();
    expect(watch(scripted)('[{"turn": 1')).toBeUndefined();
    expect(watch(scripted)('[{"turn": 1}')).toMatchObject({ code: "wrong-keys", turn: 0 });
  });

  test("what was watched up to a fault leads to the same request as the whole reply", () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const scripted = receive(begin({ ...persona, text: `A diver, number ${seed}.` }, 4), script);
      const ask = request(scripted);
      if (ask === undefined) throw new Error("a trajectory must be asked for");
      const { text } = { text: scriptedReply(ask, 1) };
      const look = watch(scripted);
      let length = 0;
      while (length < text.length) {
        const piece = text.slice(length, length + 7);
        length += piece.length;
        if (look(piece) !== undefined) break;
      }
      const stopped = receive(scripted, { text: text.slice(0, length) });
      const unstopped = receive(scripted, { text });
      // The words of a JSON error can name what comes next, so only code and place are compared for it.
      expect(stopped.faults.map(({ code }) => code)).toEqual(unstopped.faults.map(({ code }) => code));
      expect(request(stopped)?.messages.at(-2)).toEqual(request(unstopped)?.messages.at(-2));
    }
  });

  test("every fault has words", () => {
    expect(explain({ code: "malformed-json", problem: "it is cut off" })).toContain("cannot be read as JSON");
    expect(explain({ code: "malformed-json", turn: 3, problem: "it is cut off" })).toContain("turn 3");
  });
});
