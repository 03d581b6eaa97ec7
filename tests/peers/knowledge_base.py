"""A knowledge base made with TNO's knowledge-mapper; it runs in that package's environment, without gridlingua.

Lines of JSON on stdin say what to do, lines on stdout what came of it. First the knowledge base and its interactions:
``{"url", "id", "interactions": {name: {"type", …}}}``, answered by ``{"joined": id}``. Then any number of
``{"call": "ask"|"post", "interaction": name, "rows": […]}``, each answered by what the package returned, or
``{"serve": true}``: requests from the network go to stdout as ``{"interaction", "rows", "requester"}``, and the line
that comes back is the answer. At the end of stdin, on SIGTERM, and when the loop dies (``{"died": reason}``) it leaves
the network; not when the network says 410, for then somebody else may have its id already.
"""

import json
import signal
import sys
from functools import partial

from knowledge_mapper.knowledge_base import KnowledgeBaseRegistrationRequest
from knowledge_mapper.knowledge_interaction import (
    AnswerKnowledgeInteractionRegistrationRequest,
    AskKnowledgeInteractionRegistrationRequest,
    PostKnowledgeInteractionRegistrationRequest,
    ReactKnowledgeInteractionRegistrationRequest,
)
from knowledge_mapper.tke_client import TkeClient

REGISTRATIONS = {
    "ask": AskKnowledgeInteractionRegistrationRequest,
    "answer": AnswerKnowledgeInteractionRegistrationRequest,
    "post": PostKnowledgeInteractionRegistrationRequest,
    "react": ReactKnowledgeInteractionRegistrationRequest,
}


def say(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def hear():
    line = sys.stdin.readline()
    return json.loads(line) if line else None


def pass_on(name, rows, requester):
    say({"interaction": name, "rows": rows, "requester": requester})
    answer = hear()
    if isinstance(answer, str):
        raise RuntimeError(answer)
    return answer


def registered(kb, name, given):
    kind = given.pop("type")
    if kind in ("answer", "react"):
        given["handler"] = partial(pass_on, name)
    return kb.register_knowledge_interaction(REGISTRATIONS[kind](**given), name=name)


def follow(kb, interactions):
    """Returns whether there is still something to leave."""
    while (order := hear()) is not None:
        if order.get("serve"):
            kb.start_handle_loop()
            return False
        say(getattr(interactions[order["interaction"]], order["call"])(order["rows"]))
    return True


def main():
    setting = hear()
    client = TkeClient(setting["url"])
    client.connect()
    kb = client.register(KnowledgeBaseRegistrationRequest(id=setting["id"], name="Peer", description="A peer"))
    there, died = True, None
    try:
        interactions = {name: registered(kb, name, given) for name, given in setting["interactions"].items()}
        say({"joined": kb.id})
        there = follow(kb, interactions)
    except Exception as error:
        died = str(error)
    finally:
        if there:
            kb.unregister()
    if died is not None:
        say({"died": died})


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
main()
