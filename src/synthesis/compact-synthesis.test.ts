import { describe, expect, test } from "vitest";
import { lighthouse } from "../script/testing/examples.ts";
import { scriptToText } from "../script/wire.ts";
import { turnToCompact } from "../trajectory/compact-wire.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import { turnsToText } from "../trajectory/turn-wires.ts";
import { turnToWire } from "../trajectory/wire.ts";
import { synthesisRecord } from "./record.ts";
import { begin, explain, receive, request, type Synthesis, watch } from "./synthesis.ts";

const persona = { id: "0123456789abcdef", text: "A former sailor who keeps a lighthouse." };
const scripted = receive(begin(persona, 4, "refined", { wire: "compact", briefDungeonMaster: false }), {
  text: scriptToText(lighthouse),
});
const inPaper = receive(begin(persona, 4), { text: scriptToText(lighthouse) });
const lines = turnsToText(lighthouseTurns, "compact").split("\n");

function lastFault({ faults }: Synthesis): string {
  const fault = faults.at(-1);
  return fault === undefined ? "" : explain(fault);
}

function lastOrder(synthesis: Synthesis): string {
  return request(synthesis)?.messages.at(-1)?.content ?? "";
}

describe("a synthesis in the compact form", () => {
  test("is kept in the paper's form, whatever frame the lines have", () => {
    const structured = JSON.stringify({ turns: lighthouseTurns.map(turnToCompact) });
    const listed = `[\n${lines.join(",\n")}\n]`;
    for (const text of [lines.join("\n"), `\`\`\`json\n${lines.join("\n\n")}\n\`\`\``, structured, listed]) {
      expect(synthesisRecord(0, receive(scripted, { text }))).toMatchObject({
        outcome: "accepted",
        trajectory: lighthouseTurns.map(turnToWire),
      });
    }
  });

  test("continues with more lines after a line that is broken, or that lacks the word for errors", () => {
    const broken = [...lines.slice(0, 8), lines[8]?.slice(0, -1), ...lines.slice(9)].join("\n");
    const { error: _error, ...unjudged } = { error: "", ...turnToCompact(lighthouseTurns[8]!, 8) };
    const lacking = [...lines.slice(0, 8), JSON.stringify(unjudged), ...lines.slice(9)].join("\n");
    for (const text of [broken, lacking]) {
      const continued = receive(scripted, { text });
      expect(continued.faults.at(-1)).toMatchObject({ turn: 8 });
      expect(lastOrder(continued)).toContain("write the lines from turn 8 on, which is the DM's");
      const ended = receive(continued, { text: lines.slice(8).join("\n") });
      expect(ended.stage).toMatchObject({ kind: "ended", outcome: { kind: "accepted" } });
    }
  });

  test("is told of a turn as soon as its line has ended", () => {
    const look = watch(scripted);
    const lacking = '{"turn":0,"Thought":"I begin.","Observation":"A door.","progress":0}';
    expect(look(lacking)).toBeUndefined();
    expect(look("\n")).toMatchObject({ code: "wrong-keys", turn: 0, problem: 'the key "error" is missing' });
  });

  test("says that a reply was cut off, also between two lines", () => {
    for (const text of [lines.slice(0, 7).join("\n"), `${lines.slice(0, 7).join("\n")}\n{"turn":7,"Thou`]) {
      expect(receive(scripted, { text, finish: "length" }).faults.at(-1)).toMatchObject({
        code: "cut-off",
        turn: 7,
      });
    }
  });

  test("takes no turn of a reply in the other form, at once, and says what is wanted", () => {
    const paper = turnsToText(lighthouseTurns);
    const wanted = /Turn 0 does not have the required keys: it is in the longer form with "role"; here/;
    expect(lastFault(receive(scripted, { text: paper }))).toMatch(wanted);
    expect(watch(scripted)(paper.slice(0, paper.indexOf("},") + 1))).toMatchObject({ code: "wrong-keys" });
    const indented = JSON.stringify(lighthouseTurns.map(turnToWire), undefined, 2);
    expect(lastFault(receive(scripted, { text: indented }))).toMatch(wanted);

    expect(lastFault(receive(inPaper, { text: lines.join("\n") }))).toBe(
      "From turn 0 on, the reply is not valid JSON: there is no JSON array of turns in the reply.",
    );
    expect(lastFault(receive(inPaper, { text: `[${lines.join(",\n")}]` }))).toContain(
      '"role" must be "DM", because turn 0 is the DM\'s',
    );
    for (const refused of [
      receive(scripted, { text: paper }),
      receive(inPaper, { text: lines.join("\n") }),
    ]) {
      expect(refused.stage).toMatchObject({ kind: "trajectory", progress: { kind: "begin" } });
    }
  });
});
