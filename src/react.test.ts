import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  firstMessage,
  formatReAct,
  type Instruction,
  instructionText,
  parseReAct,
  thoughtWithoutLabel,
} from "./react.ts";

const hostilePiece = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "\n",
    "\r\n",
    "\u2028",
    "\\",
    " ",
    "\t",
    "**",
    ":",
    "Thought:",
    "action:",
    "**Action:**",
    "Observation :",
  ),
);
const hostileText = fc.array(hostilePiece, { maxLength: 8 }).map((pieces) => pieces.join("").trim());

describe("formatReAct and parseReAct", () => {
  it("writes one label and one text a line", () => {
    expect(formatReAct({ thought: " I am thirsty. ", action: "drink water\n" })).toBe(
      "Thought: I am thirsty.\nAction: drink water",
    );
  });

  it("gives back every trimmed thought and action", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (thought, action) => {
        fc.pre(action !== "");
        expect(parseReAct(formatReAct({ thought, action }))).toEqual({ thought, action });
      }),
      { numRuns: 2000 },
    );
  });

  it("puts a backslash before a line that looks like a label, and takes it away again", () => {
    const turn = { thought: "First this.\nAction: is a word", action: "edit notes\nThought: 7\n\\Action: 8" };
    const text = formatReAct(turn);
    expect(text).toBe(
      "Thought: First this.\n\\Action: is a word\nAction: edit notes\n\\Thought: 7\n\\\\Action: 8",
    );
    expect(parseReAct(text)).toEqual(turn);
  });

  it.each([
    ["other case and space", "  THOUGHT :  look\r\n\taction:go north  ", "look", "go north"],
    ["bold labels", "**Thought:** look\n**Action**: go north", "look", "go north"],
    ["words before the labels", "Sure!\nThought: look\nAction: go north", "look", "go north"],
    ["an action on the next line", "Thought: look\nAction:\ngo north", "look", "go north"],
    [
      "an action of several lines",
      "Thought: fix\nAction: edit a.py\nx = 1\n\ny = 2",
      "fix",
      "edit a.py\nx = 1\n\ny = 2",
    ],
    ["an invented observation", "Thought: look\nAction: go north\nObservation: A hall.", "look", "go north"],
    ["two thoughts", "Thought: look\nThought: again\nAction: go", "look\nagain", "go"],
    ["an empty thought", "Thought:\nAction: go", "", "go"],
    ["a label within a line", "Thought: the Action: part\nAction: go", "the Action: part", "go"],
  ])("reads %s", (_name, text, thought, action) => {
    expect(parseReAct(text)).toEqual({ thought, action });
  });

  it.each([
    ["", { code: "missing-action", thought: undefined }],
    ["go north", { code: "missing-action", thought: undefined }],
    ["Thought: look\nAction:  ", { code: "missing-action", thought: "look" }],
    ["Action: go north", { code: "missing-thought", action: "go north" }],
    ["Action: go north\nThought: too late", { code: "missing-thought", action: "go north" }],
    [
      "Thought: a\nAction: b\nObservation: c\nThought: d\nAction: e",
      { code: "several-actions", thought: "a", actions: ["b", "e"] },
    ],
    ["Action: b\nAction: e", { code: "several-actions", thought: undefined, actions: ["b", "e"] }],
  ])("names the problem of %j", (text, problem) => {
    expect(parseReAct(text)).toEqual(problem);
  });

  it("gives a trimmed action that is not empty, or a problem, whatever it is given", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const parsed = parseReAct(text);
        const actions =
          "actions" in parsed ? parsed.actions : "action" in parsed ? [parsed.action] : ["none to look at"];
        for (const action of actions) {
          expect(action).not.toBe("");
          expect(action.trim()).toBe(action);
        }
      }),
    );
  });
});

describe("thoughtWithoutLabel", () => {
  it("takes away one leading label and nothing else", () => {
    expect(thoughtWithoutLabel(" Thought: I look. ")).toBe("I look.");
    expect(thoughtWithoutLabel("**thought:** I look.")).toBe("I look.");
    expect(thoughtWithoutLabel("My Thought: I look.")).toBe("My Thought: I look.");
    expect(thoughtWithoutLabel("Thoughtful as ever: I look.")).toBe("Thoughtful as ever: I look.");
  });
});

const placesOnlyTheMasterKnows = [
  { name: "object", values: ["secret key"] },
  { name: "place", values: ["hidden cellar"] },
];

const bakery: Instruction = {
  world: "A bakery before dawn.",
  player: "You can carry two things.",
  goal: "Bake a loaf.",
  actions: [
    {
      name: "take {object} from {place}",
      description: "Pick up a thing.",
      parameters: placesOnlyTheMasterKnows,
    },
    { name: "write label", specialFormat: "write label: <text>\nat most ten words", parameters: [] },
    { name: "look" },
  ],
  example: "Thought: dark\nAction: look",
};

describe("instructionText", () => {
  it("tells the world, the goal, the actions and the form of an answer", () => {
    expect(instructionText(bakery)).toMatchInlineSnapshot(`
      "You are a player in a world made of text. In each turn you observe, think and choose one action.

      World:
      A bakery before dawn.

      You:
      You can carry two things.

      Goal:
      Bake a loaf.

      Available actions:
      - take {object} from {place}: Pick up a thing.
        Parameters: object, place
      - write label
        Format: write label: <text>
        at most ten words
      - look

      Answer each observation with one thought and one action, in this form and nothing else:
      Thought: what you know now and what you will do next
      Action: one available action, with its parameters filled in

      Example:
      Thought: dark
      Action: look"
    `);
  });

  it("leaves out what is not given", () => {
    const text = instructionText({ world: "A room.", goal: "Leave.", actions: [{ name: "leave" }] });
    expect(text).not.toMatch(/You:|Example:|Parameters:|Format:|undefined/);
  });

  it("never names a parameter's value", () => {
    expect(instructionText(bakery)).not.toMatch(/secret key|hidden cellar/);
  });

  it("shows the form of an answer in a text that parseReAct reads", () => {
    const text = instructionText({ world: "A room.", goal: "Leave.", actions: [{ name: "leave" }] });
    expect(parseReAct(text)).toMatchObject({ action: expect.stringContaining("one available action") });
  });

  it("puts the first observation after the instruction, in the same message", () => {
    const message = firstMessage(bakery, " It is dark. \n");
    expect(message.startsWith(instructionText(bakery))).toBe(true);
    expect(message.endsWith("\n\nFirst observation:\nIt is dark.")).toBe(true);
  });
});
