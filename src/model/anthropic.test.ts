import { anthropicModel } from "./anthropic.ts";
import { holdChatModelContract } from "./testing/chat-model-contract.ts";

holdChatModelContract("anthropic", (settings) => anthropicModel({ ...settings, model: "claude-served" }));
