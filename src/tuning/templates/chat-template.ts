import { Template } from "@huggingface/jinja";
import type { TrainingMessage } from "../../dataset/training-example.ts";
import { errorMessage } from "../../errors.ts";
import type { Render, RenderedTurn } from "../render.ts";
import { TemplateError } from "../template-error.ts";
import type { TextTokenizer } from "../text-tokenizer.ts";
import type { TokenizerFolder } from "../tokenizer-folder.ts";
import { learnedPairs } from "./learned-pairs.ts";

/** How many characters around a place a message shows. */
const SHOWN = 30;

function differs(whole: string, part: string): string {
  let at = 0;
  while (at < part.length && part.charAt(at) === whole.charAt(at)) at += 1;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - SHOWN), at + SHOWN));
  return `${around(part)} becomes ${around(whole)}`;
}

/** What is new in `whole` after `part`. */
function newText(path: string, whole: string, part: string): string {
  if (whole.startsWith(part)) return whole.slice(part.length);
  throw new TemplateError(
    `the chat template in ${path} is not prefix-stable: with more messages, ${differs(whole, part)}`,
    { fix: "Use --template llama3, mistral or qwen, or give a folder with a training template." },
  );
}

/** An answer with its end-of-turn token, and the white space after it. */
function splitTail(
  path: string,
  text: string,
  tokenizer: TextTokenizer,
): Pick<RenderedTurn, "target" | "tail"> {
  const target = text.trimEnd();
  if (tokenizer.endsInSpecial(target)) return { target, tail: text.slice(target.length) };
  throw new TemplateError(
    `the chat template in ${path} ends an answer with ${JSON.stringify(text.slice(-SHOWN))}, which is no special token`,
    {
      fix: "Use --template llama3, mistral or qwen: without an end-of-turn token a model never learns to stop.",
    },
  );
}

/**
 * Renders with the folder's own chat template. Which text is an answer shows by what the template adds when the
 * answer is added, so the text of earlier messages must not change when more follow.
 *
 * @throws TemplateError when there is no template, it cannot be run, or it is not prefix-stable; the last two when
 * a conversation is rendered
 */
export function renderChatTemplate(folder: TokenizerFolder, tokenizer: TextTokenizer): Render {
  const { path, chatTemplate, bosToken, eosToken } = folder;
  if (chatTemplate === undefined) {
    throw new TemplateError(`the tokenizer in ${path} has no chat template`, {
      fix: "Use --template llama3, mistral or qwen.",
    });
  }
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw new TemplateError(`the chat template in ${path} failed: ${errorMessage(error)}`, {
        fix: "Use --template llama3, mistral or qwen.",
        cause: error,
      });
    }
  };
  const template = attempt(() => new Template(chatTemplate));
  const render = (messages: readonly TrainingMessage[], asksForAnswer: boolean): string =>
    attempt(() =>
      template.render({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: asksForAnswer,
        bos_token: bosToken ?? "",
        eos_token: eosToken ?? "",
      }),
    );
  const renderPrefixes: Render = (messages) => {
    let before = "";
    return messages.flatMap((message, place): RenderedTurn[] => {
      if (message.role === "user") return [];
      const asked = render(messages.slice(0, place), true);
      const answered = render(messages.slice(0, place + 1), false);
      const source = newText(path, asked, before);
      before = answered;
      return [{ source, ...splitTail(path, newText(path, answered, asked), tokenizer), loss: message.loss }];
    });
  };
  return learnedPairs(renderPrefixes, (messages) => render(messages, false));
}
