import { expect, test } from "vitest";
import { ReplyNotes } from "./reply.ts";

test("what many replies have in common is said once", () => {
  const notes: string[] = [];
  const replies = new ReplyNotes((note) => notes.push(note));
  for (let i = 0; i < 6; i += 1) replies.take({ finish: "length" });
  expect(notes).toEqual(["3 of 3 replies were cut off at the limit of tokens: raise 'maxTokens'"]);
  for (const reasoningInText of [true, true, false, true, true])
    replies.take({ finish: "stop", reasoningInText });
  expect(notes).toHaveLength(1);
  for (let i = 0; i < 5; i += 1) replies.take({ finish: "stop", reasoningInText: true });
  expect(notes).toHaveLength(2);
  expect(notes[1]).toContain("lacks a reasoning parser");
});

test("a few that were cut are no matter", () => {
  const notes: string[] = [];
  const replies = new ReplyNotes((note) => notes.push(note));
  for (let i = 0; i < 100; i += 1) replies.take({ finish: i % 3 === 1 ? "length" : "stop" });
  expect(notes).toEqual([]);
});
