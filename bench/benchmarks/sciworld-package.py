"""The steps of some episodes with the Python package of ScienceWorld; prints how many there were and how long they took.

Only the calls of step() are counted, as an agent makes them; loading and the first episodes are not.
"""

import json
import sys
import time

from scienceworld import ScienceWorldEnv

source, simplifications, warm_up = sys.argv[1:4]
with open(source, encoding="utf-8") as file:
    episodes = json.load(file)

env = ScienceWorldEnv("", envStepLimit=1000)
steps = 0
seconds = 0.0
for place, episode in enumerate(episodes):
    env.load(episode["kind"], episode["variation"], simplifications)
    env.reset()
    began = time.perf_counter()
    for action in episode["actions"]:
        env.step(action)
    if place >= int(warm_up):
        seconds += time.perf_counter() - began
        steps += len(episode["actions"])
env.close()
print(json.dumps({"steps": steps, "seconds": seconds}))
