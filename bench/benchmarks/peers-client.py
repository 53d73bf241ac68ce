"""Asks what a file of requests asks, with one of the other frameworks, and prints what that took as JSON.

python peers-client.py curator|distilabel|inspect URL FILE AT_ONCE FOLDER [ROWS [TURNS]]
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

name, url, file, at_once, folder = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
rows_asked = int(sys.argv[6])
turns = int(sys.argv[7]) if len(sys.argv) > 7 else 1

os.environ.update(
    OPENAI_API_KEY="none",
    OPENAI_BASE_URL=url,
    TELEMETRY_ENABLED="false",
    CURATOR_CACHE_DIR=folder,
    CURATOR_DISABLE_CACHE="true",
    CURATOR_DISABLE_RICH_DISPLAY="1",
    HF_HOME=folder,
    HF_HUB_OFFLINE="1",
)


def offline_tokens() -> None:
    """The tokens of a model are counted with files that LiteLLM brings, so that no network is needed."""
    from importlib.util import find_spec

    place = find_spec("litellm").submodule_search_locations[0]
    os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(place) / "litellm_core_utils" / "tokenizers")


def requests():
    with open(file, encoding="utf8") as lines:
        return [json.loads(line) for line in lines][:rows_asked]


def curator_rows() -> int:
    offline_tokens()
    from bespokelabs import curator

    class Plain(curator.LLM):
        def prompt(self, row):
            return row["messages"]

        def parse(self, row, response):
            return [{"text": response}]

    limits = {
        "base_url": url,
        "max_concurrent_requests": at_once,
        "max_requests_per_minute": 10_000_000,
        "max_tokens_per_minute": 10_000_000_000,
    }
    llm = Plain(model_name="gpt-4o-mini", backend="openai", backend_params=limits)
    answers = llm(requests())
    return len(getattr(answers, "dataset", answers))


def distilabel_rows() -> int:
    from distilabel.models import OpenAILLM
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import ChatGeneration

    with Pipeline(name="peers", cache_dir=folder) as pipeline:
        load = LoadDataFromDicts(data=requests(), batch_size=at_once)
        llm = OpenAILLM(model="gpt-4o-mini", base_url=url, api_key="none")
        load >> ChatGeneration(llm=llm, input_batch_size=at_once)
    return len(pipeline.run(use_cache=False)["default"]["train"])


def inspect_rows() -> int:
    from inspect_ai import Task, eval as evaluate
    from inspect_ai.dataset import Sample
    from inspect_ai.model import ChatMessageUser
    from inspect_ai.solver import solver

    @solver
    def loop():
        async def solve(state, generate):
            for _ in range(turns):
                state = await generate(state)
                state.messages.append(ChatMessageUser(content="Nothing happens. What do you do next?"))
            return state

        return solve

    samples = [Sample(input="You are in a room. What do you do?") for _ in range(rows_asked)]
    logs = evaluate(
        Task(dataset=samples, solver=loop()),
        model="openai/gpt-4o-mini",
        model_base_url=url,
        max_connections=at_once,
        max_samples=at_once,
        log_dir=folder,
        display="none",
    )
    if logs[0].status != "success":
        raise RuntimeError(str(logs[0].error))
    return rows_asked


began = time.perf_counter()
done = {"curator": curator_rows, "distilabel": distilabel_rows, "inspect": inspect_rows}[name]()
seconds = time.perf_counter() - began
own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = sum(each.ru_utime + each.ru_stime for each in (own, children))
peak = max(own.ru_maxrss, children.ru_maxrss) / 1024
print("\n" + json.dumps({"done": done, "seconds": seconds, "cpu": cpu, "peak": peak}))
