import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { wrapLanguageModel } from "ai";
import { aiSdkModel } from "./ai-sdk.ts";
import { holdChatModelContract } from "./testing/chat-model-contract.ts";

holdChatModelContract("ai-sdk", ({ baseUrl, key, ...settings }) => {
  const provider = createOpenAICompatible({
    name: "served",
    baseURL: baseUrl,
    apiKey: key,
    includeUsage: true,
  });
  const model = wrapLanguageModel({
    model: provider.chatModel("served"),
    middleware: { specificationVersion: "v3" },
  });
  return aiSdkModel(model, "served", { ...settings, secrets: [key] });
});
