import { AgentRefineError } from "../errors.ts";

/** The template that was asked for cannot be used: not with this tokenizer, or not at all. */
export class TemplateError extends AgentRefineError {}
