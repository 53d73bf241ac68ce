import { signed } from "./definition.ts";
import type { WritableMemory } from "./dictionary.ts";
import { IllegalObject } from "./story.ts";
import { type Memory, stringAt } from "./text.ts";

const HIGHEST = { old: 255, new: 2000 } as const;

function isOld(memory: Memory): boolean {
  return memory.story.version === 3;
}

/** The address of an object's entry. Throws {@link IllegalObject}. */
function objectAddress(memory: Memory, object: number): number {
  const old = isOld(memory);
  if (object > (old ? HIGHEST.old : HIGHEST.new)) {
    throw new IllegalObject(`@Attempt to address illegal object ${signed(object)}.  This is normally fatal.`);
  }
  return memory.story.objects + (old ? 62 + 9 * (object - 1) : 126 + 14 * (object - 1));
}

/** An object's place in the tree: 0 parent, 1 sibling, 2 child. */
export type Relation = 0 | 1 | 2;
export const PARENT = 0;
export const SIBLING = 1;
export const CHILD = 2;

/** The parent, sibling or child of an object; 0 for none. */
export function relative(memory: Memory, object: number, relation: Relation): number {
  const address = objectAddress(memory, object);
  return isOld(memory) ? memory.byte(address + 4 + relation) : memory.word(address + 6 + 2 * relation);
}

function setRelative(memory: WritableMemory, object: number, relation: Relation, to: number): void {
  const address = objectAddress(memory, object);
  if (isOld(memory)) memory.setByte(address + 4 + relation, to);
  else memory.setWord(address + 6 + 2 * relation, to);
}

/** Takes an object out of the tree, with what is in it. */
export function removeObject(memory: WritableMemory, object: number): void {
  const parent = relative(memory, object, PARENT);
  if (parent === 0) return;
  const next = relative(memory, object, SIBLING);
  setRelative(memory, object, PARENT, 0);
  setRelative(memory, object, SIBLING, 0);
  let sibling = relative(memory, parent, CHILD);
  if (sibling === object) {
    setRelative(memory, parent, CHILD, next);
    return;
  }
  // A damaged tree ends at 0, which no object is before.
  while (sibling !== 0) {
    const after = relative(memory, sibling, SIBLING);
    if (after === object) {
      setRelative(memory, sibling, SIBLING, next);
      return;
    }
    sibling = after;
  }
}

/** Makes an object the first child of another one. */
export function insertObject(memory: WritableMemory, object: number, into: number): void {
  objectAddress(memory, into);
  removeObject(memory, object);
  setRelative(memory, object, PARENT, into);
  setRelative(memory, object, SIBLING, relative(memory, into, CHILD));
  setRelative(memory, into, CHILD, object);
}

export function isAttribute(memory: Memory, attribute: number): boolean {
  return attribute < (isOld(memory) ? 32 : 48);
}

export function hasAttribute(memory: Memory, object: number, attribute: number): boolean {
  const byte = memory.byte(objectAddress(memory, object) + (attribute >> 3));
  return (byte & (0x80 >> (attribute & 7))) !== 0;
}

export function setAttribute(memory: WritableMemory, object: number, attribute: number, on: boolean): void {
  const address = objectAddress(memory, object) + (attribute >> 3);
  const bit = 0x80 >> (attribute & 7);
  const byte = memory.byte(address);
  memory.setByte(address, on ? byte | bit : byte & ~bit);
}

/** The address of an object's properties, before which stands its short name; the first byte is 0 when it has none. */
export function propertyTable(memory: Memory, object: number): number {
  return memory.word(objectAddress(memory, object) + (isOld(memory) ? 7 : 12));
}

/** The short name of an object. */
export function objectName(memory: Memory, object: number): string {
  const address = propertyTable(memory, object);
  return memory.byte(address) === 0 ? "" : stringAt(memory, address + 1);
}

// A property is known by the address of its head, the byte or two before its own: an object for each that is looked at
// would be most of the garbage that a step makes.

/** The address of an object's first property. */
export function firstProperty(memory: Memory, object: number): number {
  const table = propertyTable(memory, object);
  return table + 1 + 2 * memory.byte(table);
}

/** A property's number; 0 is the end of the list. */
export function propertyNumber(memory: Memory, property: number): number {
  return memory.byte(property) & (isOld(memory) ? 31 : 63);
}

/** Where a property's bytes begin. */
export function propertyBytes(memory: Memory, property: number): number {
  return property + (!isOld(memory) && (memory.byte(property) & 0x80) !== 0 ? 2 : 1);
}

/** The property after another one. */
export function nextProperty(memory: Memory, property: number): number {
  const address = propertyBytes(memory, property);
  return address + propertyLength(memory, address);
}

/** A property of an object, by its number; 0 when it has it not. Properties are sorted downwards. */
export function findProperty(memory: Memory, object: number, number: number): number {
  let property = firstProperty(memory, object);
  while (propertyNumber(memory, property) > number) property = nextProperty(memory, property);
  return number !== 0 && propertyNumber(memory, property) === number ? property : 0;
}

/** The length of a property by the address of its bytes. */
export function propertyLength(memory: Memory, address: number): number {
  const last = memory.byte((address - 1) & 0xffff);
  if (isOld(memory)) return (last >> 5) + 1;
  if ((last & 0x80) === 0) return (last >> 6) + 1;
  return (last & 63) === 0 ? 64 : last & 63;
}

/** What a property is where an object has it not. */
export function defaultProperty(memory: Memory, number: number): number {
  return memory.word(memory.story.objects + 2 * (number - 1));
}
