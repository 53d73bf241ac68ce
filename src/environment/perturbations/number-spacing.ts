import type { Reworder } from "./rewording.ts";

const SPACED = /\b(ball|box|key|door) +(\d+)\b/g;
const JOINED = /\b(ball|box|key|door)(\d+)\b/g;

/** BabyAI without the space between a thing and its number: `red ball1`. */
export const joinNumbers: Reworder = {
  show: (text) => text.replace(SPACED, "$1$2").replace(/\{(object|door)\} \{number\}/g, "{$1}{number}"),
  read: (action) => {
    const small = action.toLowerCase();
    return small.search(SPACED) >= 0 ? undefined : small.replace(JOINED, "$1 $2");
  },
};

const NAME_AND_NUMBER = /\b([a-z]+)(\d+)\b/gi;
const NAME_SPACE_NUMBER = /\b([a-z]+) +(\d+)\b/gi;

/** The PDDL games, whose names have no space before their numbers, with one: `ball 1`. */
export const separateNumbers: Reworder = {
  show: (text) => text.replace(NAME_AND_NUMBER, "$1 $2"),
  read: (action) =>
    action.search(NAME_AND_NUMBER) >= 0 ? undefined : action.replace(NAME_SPACE_NUMBER, "$1$2"),
};
