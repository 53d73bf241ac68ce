import {
  acceptsCharacter,
  type CharacterSet,
  type SimplePart,
  type SimplePattern,
} from "./simple-pattern.ts";

/** The texts of a match's capturing groups, in order; undefined for a group that took no part in it. */
export type Groups = readonly (string | undefined)[];

/**
 * The attempt to match a text. There is one for all texts, since one is matched after the other: a hidden class
 * of which no object lives is forgotten by V8, and the compiled code of this module with it.
 */
class Attempt {
  text = "";
  /** Where the capturing groups begin and end, in pairs; -1 for one that has not been closed. */
  bounds: number[] = [];
  /** Whether a join was tried at a place of the text, join after join. */
  #tried: Uint8Array = new Uint8Array(8192);
  #places = 0;

  begin(text: string, groups: number, joins: number): void {
    this.text = text;
    this.bounds = new Array<number>(2 * groups).fill(-1);
    this.#places = text.length + 1;
    const size = joins * this.#places;
    if (size > this.#tried.length) this.#tried = new Uint8Array(size);
    else this.#tried.fill(0, 0, size);
  }

  /** Whether the join is reached at this place for the first time; if not, what follows it has failed there. */
  isFirst(join: number, at: number): boolean {
    const index = join * this.#places + at;
    if (this.#tried[index] === 1) return false;
    this.#tried[index] = 1;
    return true;
  }

  groups(): Groups {
    const groups: (string | undefined)[] = [];
    for (let i = 0; i < this.bounds.length; i += 2) {
      const end = this.bounds[i + 1] ?? -1;
      groups.push(end === -1 ? undefined : this.text.slice(this.bounds[i], end));
    }
    return groups;
  }
}

const ATTEMPT: Attempt = new Attempt();

/** Matches a part of the pattern and all that follows it, from a place in the text to its end. */
type Step = (attempt: Attempt, at: number) => boolean;

function atEnd({ text }: Attempt, at: number): boolean {
  return at === text.length;
}

function textStep(expected: string, next: Step): Step {
  return (attempt, at) => attempt.text.startsWith(expected, at) && next(attempt, at + expected.length);
}

/** Where the character at this place ends if the set accepts it; else -1. */
function afterCharacter(set: CharacterSet, text: string, at: number): number {
  const code = text.codePointAt(at);
  if (code === undefined || !acceptsCharacter(set, code)) return -1;
  return code > 0xffff ? at + 2 : at + 1;
}

function setStep(set: CharacterSet, next: Step): Step {
  return (attempt, at) => {
    const after = afterCharacter(set, attempt.text, at);
    return after !== -1 && next(attempt, after);
  };
}

/** Where the character before `at` begins. */
function beforeCharacter(text: string, at: number, from: number): number {
  return at - 2 >= from && (text.codePointAt(at - 2) ?? 0) > 0xffff ? at - 2 : at - 1;
}

/** The longest repetition first. What follows is tried only where no other repetition has tried it. */
function greedyStep(set: CharacterSet, join: number, next: Step): Step {
  return (attempt, from) => {
    const { text } = attempt;
    let last = -1;
    for (let at = from; at !== -1 && attempt.isFirst(join, at); at = afterCharacter(set, text, at)) last = at;
    for (let at = last; at >= from; at = beforeCharacter(text, at, from)) {
      if (next(attempt, at)) return true;
    }
    return false;
  };
}

/** The shortest repetition first. */
function lazyStep(set: CharacterSet, join: number, next: Step): Step {
  return (attempt, from) => {
    for (let at = from; at !== -1 && attempt.isFirst(join, at); at = afterCharacter(set, attempt.text, at)) {
      if (next(attempt, at)) return true;
    }
    return false;
  };
}

function joinStep(join: number, next: Step): Step {
  return (attempt, at) => attempt.isFirst(join, at) && next(attempt, at);
}

function firstOf(steps: readonly Step[]): Step {
  return (attempt, at) => {
    for (const step of steps) if (step(attempt, at)) return true;
    return false;
  };
}

/** Notes a bound of a capturing group, and forgets it when what follows does not match. */
function boundStep(index: number, next: Step): Step {
  return (attempt, at) => {
    const before = attempt.bounds[index] ?? -1;
    attempt.bounds[index] = at;
    if (next(attempt, at)) return true;
    attempt.bounds[index] = before;
    return false;
  };
}

/** Turns a pattern into steps, from its end to its beginning, since each step knows what follows it. */
class StepCompiler {
  joins = 0;

  sequence(parts: readonly SimplePart[], next: Step): Step {
    return parts.reduceRight((after, part) => this.#part(part, after), next);
  }

  #newJoin(): number {
    this.joins += 1;
    return this.joins - 1;
  }

  #part(part: SimplePart, next: Step): Step {
    switch (part.kind) {
      case "text":
        return textStep(part.text, next);
      case "set":
        return setStep(part.set, next);
      case "repeat": {
        const repeat = (part.isLazy ? lazyStep : greedyStep)(part.set, this.#newJoin(), next);
        return part.isRequired ? setStep(part.set, repeat) : repeat;
      }
      case "option": {
        const after = joinStep(this.#newJoin(), next);
        const inside = this.#part(part.part, after);
        return firstOf(part.isLazy ? [after, inside] : [inside, after]);
      }
      case "group":
        return this.#group(part.capture, part.alternatives, next);
    }
  }

  #group(capture: number | undefined, alternatives: readonly (readonly SimplePart[])[], next: Step): Step {
    const close = capture === undefined ? next : boundStep(2 * capture + 1, next);
    const after = alternatives.length > 1 ? joinStep(this.#newJoin(), close) : close;
    const inside = firstOf(alternatives.map((parts) => this.sequence(parts, after)));
    return capture === undefined ? inside : boundStep(2 * capture, inside);
  }
}

/**
 * Prepares a simple pattern for matching whole texts, as a backtracking engine does: of several ways to match,
 * the first in the pattern's order. It cannot run away, because ways can only meet again where a join is, behind
 * what repeats, is optional or has alternatives, and behind a join each place of the text is tried once.
 */
export function simpleMatcher({ parts, groups }: SimplePattern): (text: string) => Groups | undefined {
  const compiler = new StepCompiler();
  const first = compiler.sequence(parts, atEnd);
  return (text) => {
    ATTEMPT.begin(text, groups.length, compiler.joins);
    return first(ATTEMPT, 0) ? ATTEMPT.groups() : undefined;
  };
}
