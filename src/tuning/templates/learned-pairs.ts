import type { TrainingMessage } from "../../dataset/training-example.ts";
import type { Render, RenderedTurn } from "../render.ts";

/** What a template writes around a question and its answer. */
interface Shape {
  readonly before: string;
  readonly between: string;
  readonly lead: string;
  readonly end: string;
  readonly tail: string;
}

/** What a template writes around the first and around every later pair. */
interface Shapes {
  readonly first: Shape;
  readonly later: Shape;
}

/** Texts that no template writes of itself; three pairs show whether later ones are alike. */
const PROBES = [0, 1, 2].map((number) => ({
  question: `questionprobe${number}x`,
  answer: `answerprobe${number}x`,
}));

function shapeOf(
  turn: RenderedTurn | undefined,
  probe: (typeof PROBES)[number] | undefined,
): Shape | undefined {
  if (turn === undefined || probe === undefined) return undefined;
  const [before, between, ...moreSource] = turn.source.split(probe.question);
  const [lead, end, ...moreTarget] = turn.target.split(probe.answer);
  if (before === undefined || between === undefined || lead === undefined || end === undefined)
    return undefined;
  return moreSource.length + moreTarget.length > 0
    ? undefined
    : { before, between, lead, end, tail: turn.tail };
}

function learnShapes(render: Render): Shapes | undefined {
  const messages = PROBES.flatMap(({ question, answer }): TrainingMessage[] => [
    { role: "user", content: question, loss: null },
    { role: "assistant", content: answer, loss: true },
  ]);
  let turns: readonly RenderedTurn[];
  try {
    turns = render(messages);
  } catch {
    // The template may refuse these messages for a reason of its own; real ones are then rendered without a shape.
    return undefined;
  }
  const [first, later, last] = PROBES.map((probe, place) => shapeOf(turns[place], probe));
  if (first === undefined || later === undefined || last === undefined) return undefined;
  return JSON.stringify(later) === JSON.stringify(last) ? { first, later } : undefined;
}

function byShapes({ first, later }: Shapes, messages: readonly TrainingMessage[]): readonly RenderedTurn[] {
  return messages.flatMap((message, place): RenderedTurn[] => {
    const question = messages[place - 1];
    if (message.role === "user" || question === undefined) return [];
    const { before, between, lead, end, tail } = place === 1 ? first : later;
    return [
      {
        source: `${before}${question.content}${between}`,
        target: `${lead}${message.content}${end}`,
        tail,
        loss: message.loss,
      },
    ];
  });
}

/**
 * The same as `render`, which renders every prefix of a conversation, for most templates at the price of rendering it
 * once: what the template writes around questions and answers is learned from a made-up conversation, and used
 * wherever it gives exactly the text that the template writes for the whole conversation.
 */
export function learnedPairs(
  render: Render,
  wholeText: (messages: readonly TrainingMessage[]) => string,
): Render {
  const shapes = learnShapes(render);
  if (shapes === undefined) return render;
  return (messages) => {
    const turns = byShapes(shapes, messages);
    const text = turns.map(({ source, target, tail }) => source + target + tail).join("");
    return text === wholeText(messages) ? turns : render(messages);
  };
}
