import type { Definition, Definitions } from "./definition.ts";
import { NO_OPERAND_FLOW, ONE_OPERAND_FLOW, TWO_OPERAND_FLOW, VARIABLE_FLOW } from "./operations/flow.ts";
import { VARIABLE_INPUT } from "./operations/input.ts";
import {
  EXTENDED_OUTPUT,
  NO_OPERAND_OUTPUT,
  ONE_OPERAND_OUTPUT,
  VARIABLE_OUTPUT,
} from "./operations/output.ts";
import { ONE_OPERAND_TREE, TWO_OPERAND_TREE, VARIABLE_TREE } from "./operations/tree.ts";
import {
  EXTENDED_VALUES,
  ONE_OPERAND_VALUES,
  TWO_OPERAND_VALUES,
  VARIABLE_VALUES,
} from "./operations/values.ts";

function listed(...groups: readonly Definitions[]): readonly (Definition | undefined)[] {
  const all: Definitions = Object.assign({}, ...groups);
  return Array.from({ length: 32 }, (_, number) => all[number]);
}

/** The instructions of the program's version; those of the others never meet. */
interface Instructions {
  readonly none: readonly (Definition | undefined)[];
  readonly one: readonly (Definition | undefined)[];
  readonly two: readonly (Definition | undefined)[];
  readonly variable: readonly (Definition | undefined)[];
  readonly extended: readonly (Definition | undefined)[];
}

function instructionsOf(version: number): Instructions {
  return {
    none: listed(NO_OPERAND_OUTPUT, NO_OPERAND_FLOW(version)),
    one: listed(ONE_OPERAND_TREE, ONE_OPERAND_VALUES(version), ONE_OPERAND_FLOW(version), ONE_OPERAND_OUTPUT),
    two: listed(TWO_OPERAND_TREE, TWO_OPERAND_VALUES, TWO_OPERAND_FLOW),
    variable: listed(
      VARIABLE_TREE,
      VARIABLE_VALUES,
      VARIABLE_FLOW(version),
      VARIABLE_OUTPUT,
      VARIABLE_INPUT(version),
    ),
    extended: listed(EXTENDED_VALUES, EXTENDED_OUTPUT),
  };
}

/** The instructions of each version. */
export const INSTRUCTIONS: Readonly<Record<3 | 4 | 5 | 8, Instructions>> = {
  3: instructionsOf(3),
  4: instructionsOf(4),
  5: instructionsOf(5),
  8: instructionsOf(8),
};
