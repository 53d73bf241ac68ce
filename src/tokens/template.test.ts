import { Template } from "@huggingface/jinja";
import { describe, expect, it } from "vitest";
import { bakeryTrajectory } from "../dataset/testing/trajectories.ts";
import { trainingExample } from "../dataset/training-example.ts";
import { type OpenTemplate, openTemplate, type TemplateName } from "./template.ts";
import { CHATML_TEMPLATE, tinyTokenizer } from "./testing/tiny-tokenizer.ts";
import { openTokenizer } from "./text-tokenizer.ts";

const { messages } = trainingExample("p1", bakeryTrajectory)!;

function opened(name: TemplateName, options: Parameters<typeof tinyTokenizer>[0] = {}): OpenTemplate {
  const folder = tinyTokenizer(options);
  return openTemplate(name, folder, openTokenizer(folder));
}

const MISTRAL = { specials: ["<s>", "</s>", "[INST]", "[/INST]"], chatTemplate: "{{ messages }}" };

describe("openTemplate", () => {
  it.each([
    ["llama3", {}, "<|eot_id|>"],
    ["qwen", {}, "<|im_end|>"],
    ["mistral", MISTRAL, "</s>"],
    ["tokenizer", {}, "<|im_end|>"],
  ] as const)(
    "gives %s in Jinja, word for word as it trains, and the token that ends a turn",
    (name, options, end) => {
      const { render, jinja, endOfTurn } = opened(name, options);
      const served = (count: number, asks: boolean): string =>
        new Template(jinja).render({ messages: messages.slice(0, count), add_generation_prompt: asks });
      const turns = render(messages);
      let text = "";
      for (const [place, { source, target, tail }] of turns.entries()) {
        text += source;
        // What stands between the question and the answer may be the answer's own, as Mistral's space is.
        expect(served(2 * place + 1, true)).toBe(text);
        text += target + tail;
        expect(served(2 * place + 2, false)).toBe(text);
      }
      expect(endOfTurn).toBe(end);
      expect(turns[0]?.target.endsWith(end)).toBe(true);
    },
  );

  it("takes a system message from a server into each template", () => {
    const system = [{ role: "system", content: "Be brief." }, ...messages.slice(0, 1)];
    for (const [name, options] of [
      ["llama3", {}],
      ["qwen", {}],
      ["mistral", MISTRAL],
    ] as const) {
      const text = new Template(opened(name, options).jinja).render({ messages: system });
      expect(text.indexOf("Be brief.")).toBeGreaterThan(-1);
      expect(text.indexOf("Be brief.")).toBeLessThan(text.indexOf(messages[0]!.content));
    }
  });

  it("warns of a header that is trained because the template ignores add_generation_prompt", () => {
    const ignoring = CHATML_TEMPLATE.replace(/{% if add_generation_prompt %}.*/s, "");
    expect(opened("tokenizer", { chatTemplate: ignoring }).warnings).toEqual([
      'The chat template in tiny ignores add_generation_prompt, so that "<|im_start|>assistant\\n" before each answer is trained too.',
    ]);
    // A space before an answer, as in Mistral's, is no header.
    const spaced = "{% for m in messages %}{{ ' ' + m.content + '<|im_end|>' }}{% endfor %}";
    expect(opened("tokenizer", { chatTemplate: spaced }).warnings).toEqual([]);
    expect(opened("tokenizer").warnings).toEqual([]);
  });

  it("warns of a template that writes the day", () => {
    const dated = `{{ 'Today: ' + strftime_now('%d %b %Y') }}${CHATML_TEMPLATE}`;
    expect(opened("tokenizer", { chatTemplate: dated }).warnings).toEqual([
      expect.stringContaining("writes the day on which it is used"),
    ]);
  });

  it("warns where the folder's own template writes otherwise than the chosen one", () => {
    expect(opened("qwen").warnings).toEqual([]);
    const system = `{{ '<|im_start|>system\\nYou are helpful.<|im_end|>\\n' }}${CHATML_TEMPLATE}`;
    expect(opened("qwen", { chatTemplate: system }).warnings).toEqual([
      expect.stringMatching(
        /writes otherwise than qwen: .*system.*Serve the trained model with the template qwen/,
      ),
    ]);
    expect(opened("llama3").warnings).toHaveLength(1);
    // One that cannot be used is nobody's.
    expect(opened("qwen", { chatTemplate: "{% for" }).warnings).toEqual([]);
  });
});
