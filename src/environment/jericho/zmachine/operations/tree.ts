import { Halt } from "../halt.ts";
import type { Definitions } from "../instructions.ts";
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
  propertyLength,
  type Relation,
  relative,
  removeObject,
  SIBLING,
  setAttribute,
} from "../objects.ts";

// What is asked of object 0 is answered with nothing, as frotz does.

function storeRelative(machine: Machine, relation: Relation, branches: boolean): void {
  const object = machine.operand(0);
  const found = object === 0 ? 0 : relative(machine, object, relation);
  machine.store(found);
  if (branches) machine.branch(found !== 0);
}

function change(machine: Machine, on: boolean): void {
  const object = machine.operand(0);
  const attribute = machine.operand(1);
  if (!isAttribute(machine, attribute)) throw new Halt("Illegal attribute");
  (on ? machine.changes.set : machine.changes.cleared).push(object, attribute);
  if (object !== 0) setAttribute(machine, object, attribute, on);
}

function testAttribute(machine: Machine): void {
  const object = machine.operand(0);
  const attribute = machine.operand(1);
  if (!isAttribute(machine, attribute)) throw new Halt("Illegal attribute");
  machine.branch(object !== 0 && hasAttribute(machine, object, attribute));
}

function insert(machine: Machine): void {
  const object = machine.operand(0);
  const into = machine.operand(1);
  machine.changes.moved.push(object, into);
  if (object !== 0 && into !== 0) insertObject(machine, object, into);
}

function getProperty(machine: Machine): void {
  const object = machine.operand(0);
  const number = machine.operand(1);
  if (object === 0) {
    machine.store(0);
    return;
  }
  const property = findProperty(machine, object, number);
  if (property === undefined) machine.store(defaultProperty(machine, number));
  else if (property.length === 1) machine.store(machine.byte(property.address));
  else machine.store(machine.word(property.address));
}

function getPropertyAddress(machine: Machine): void {
  const object = machine.operand(0);
  const property = object === 0 ? undefined : findProperty(machine, object, machine.operand(1));
  machine.store(property?.address ?? 0);
}

function getNextProperty(machine: Machine): void {
  const object = machine.operand(0);
  const number = machine.operand(1);
  if (object === 0) {
    machine.store(0);
  } else if (number === 0) {
    machine.store(firstProperty(machine, object).number);
  } else {
    const property = findProperty(machine, object, number);
    if (property === undefined) throw new Halt("No such property");
    machine.store(nextProperty(machine, property).number);
  }
}

function putProperty(machine: Machine): void {
  const object = machine.operand(0);
  if (object === 0) return;
  const property = findProperty(machine, object, machine.operand(1));
  if (property === undefined) throw new Halt("No such property");
  const value = machine.operand(2);
  if (property.length === 1) machine.setByte(property.address, value);
  else machine.setWord(property.address, value);
}

export const ONE_OPERAND_TREE: Definitions = {
  1: { perform: (machine) => storeRelative(machine, SIBLING, true), stores: true, branches: true },
  2: { perform: (machine) => storeRelative(machine, CHILD, true), stores: true, branches: true },
  3: { perform: (machine) => storeRelative(machine, PARENT, false), stores: true },
  4: { perform: (machine) => machine.store(propertyLength(machine, machine.operand(0))), stores: true },
  9: {
    perform: (machine) => {
      const object = machine.operand(0);
      if (object !== 0) removeObject(machine, object);
    },
  },
};

export const TWO_OPERAND_TREE: Definitions = {
  6: {
    perform: (machine) => {
      const object = machine.operand(0);
      const parent = object === 0 ? 0 : relative(machine, object, PARENT);
      machine.branch(parent === machine.operand(1));
    },
    branches: true,
  },
  10: { perform: testAttribute, branches: true },
  11: { perform: (machine) => change(machine, true) },
  12: { perform: (machine) => change(machine, false) },
  14: { perform: insert },
  17: { perform: getProperty, stores: true },
  18: { perform: getPropertyAddress, stores: true },
  19: { perform: getNextProperty, stores: true },
};

export const VARIABLE_TREE: Definitions = { 3: { perform: putProperty } };
