import type { Definitions } from "../definition.ts";
import type { Machine } from "../machine.ts";
import {
  CHILD,
  defaultProperty,
  findProperty,
  firstProperty,
  hasAttribute,
  insertObject,
  isAttribute,
  nextProperty,
  PARENT,
  propertyBytes,
  propertyLength,
  propertyNumber,
  type Relation,
  relative,
  removeObject,
  SIBLING,
  setAttribute,
} from "../objects.ts";
import { Halt } from "../story.ts";

// What is asked of object 0 is answered with nothing, as frotz does.

/** A relative of an object, and whether there is one. */
function storeRelative(machine: Machine, relation: Relation): void {
  const object = machine.operand(0);
  const found = object === 0 ? 0 : relative(machine, object, relation);
  machine.store(found);
  machine.branch(found !== 0);
}

function parentOf(object: number, _: number, machine: Machine): number {
  return object === 0 ? 0 : relative(machine, object, PARENT);
}

function change(machine: Machine, on: boolean): void {
  const object = machine.operand(0);
  const attribute = machine.operand(1);
  if (!isAttribute(machine, attribute)) throw new Halt("Illegal attribute");
  (on ? machine.changes.set : machine.changes.cleared).push(object, attribute);
  if (object !== 0) setAttribute(machine, object, attribute, on);
}

function testAttribute(object: number, attribute: number, machine: Machine): boolean {
  if (!isAttribute(machine, attribute)) throw new Halt("Illegal attribute");
  return object !== 0 && hasAttribute(machine, object, attribute);
}

function insert(machine: Machine): void {
  const object = machine.operand(0);
  const into = machine.operand(1);
  machine.changes.moved.push(object, into);
  if (object !== 0 && into !== 0) insertObject(machine, object, into);
}

function getProperty(object: number, number: number, machine: Machine): number {
  if (object === 0) return 0;
  const property = findProperty(machine, object, number);
  if (property === 0) return defaultProperty(machine, number);
  const address = propertyBytes(machine, property);
  return propertyLength(machine, address) === 1 ? machine.byte(address) : machine.word(address);
}

function getPropertyAddress(object: number, number: number, machine: Machine): number {
  const property = object === 0 ? 0 : findProperty(machine, object, number);
  return property === 0 ? 0 : propertyBytes(machine, property);
}

function getNextProperty(object: number, number: number, machine: Machine): number {
  if (object === 0) return 0;
  if (number === 0) return propertyNumber(machine, firstProperty(machine, object));
  const property = findProperty(machine, object, number);
  if (property === 0) throw new Halt("No such property");
  return propertyNumber(machine, nextProperty(machine, property));
}

function putProperty(machine: Machine): void {
  const object = machine.operand(0);
  if (object === 0) return;
  const property = findProperty(machine, object, machine.operand(1));
  if (property === 0) throw new Halt("No such property");
  const address = propertyBytes(machine, property);
  const value = machine.operand(2);
  if (propertyLength(machine, address) === 1) machine.setByte(address, value);
  else machine.setWord(address, value);
}

export const ONE_OPERAND_TREE: Definitions = {
  1: { perform: (machine) => storeRelative(machine, SIBLING), stores: true, branches: true },
  2: { perform: (machine) => storeRelative(machine, CHILD), stores: true, branches: true },
  3: { computes: parentOf },
  4: { computes: (address, _, machine) => propertyLength(machine, address) },
  9: {
    perform: (machine) => {
      const object = machine.operand(0);
      if (object !== 0) removeObject(machine, object);
    },
  },
};

export const TWO_OPERAND_TREE: Definitions = {
  6: { tests: (object, parent, machine) => parentOf(object, 0, machine) === parent },
  10: { tests: testAttribute },
  11: { perform: (machine) => change(machine, true) },
  12: { perform: (machine) => change(machine, false) },
  14: { perform: insert },
  17: { computes: getProperty },
  18: { computes: getPropertyAddress },
  19: { computes: getNextProperty },
};

export const VARIABLE_TREE: Definitions = { 3: { perform: putProperty } };
