"""Chat, completion and embedding over a real store, the shipped model and a worker in this process."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from omm.config import Settings
from omm.engine.runner import Runner
from omm.errors import Busy, Cancelled, ContextExceeded, InvalidRequest, NotFound, OmmError, Unsupported, from_code
from omm.service.generation import Generation
from omm.service.inference import Inference
from omm.service.library import Library
from omm.types import (
    ChatRequest,
    CompleteRequest,
    CreateRequest,
    EmbedRequest,
    Event,
    Failed,
    Finished,
    Grammar,
    Message,
    Options,
    RerankRequest,
    TextDelta,
    Tool,
    ToolCall,
)
from tests.engine.real import Inline
from tests.ggufs import Shape, write_model

pytestmark = pytest.mark.model

WAIT_S = 60.0
GREEDY = Options(temperature=0.0, repeat_penalty=1.0, num_predict=24)
ENOUGH = Options(temperature=0.0, repeat_penalty=1.0, num_predict=400)
WEATHER = Tool(
    name="get_weather",
    spec={
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Get the weather of a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    },
)


def add_model(library: Library, name: str, path: Path, **fields: Any) -> None:
    """Put a model file into the store under a name."""
    content = path.read_bytes()
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    library.put_blob(digest, [content])
    list(library.create(CreateRequest(model=name, files={path.name: digest}, **fields)))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("service")
    made = Library(settings(folder / "models"))
    list(made.pull("tiny"))
    add_model(
        made, "plain", write_model(folder / "plain.gguf", Shape(seed=3, tied=False)), parameters={"num_predict": 5}
    )
    add_model(made, "bert", write_model(folder / "bert.gguf", Shape(arch="bert", context=128)))
    add_model(made, "judge", write_model(folder / "judge.gguf", Shape(arch="bert", context=128, seed=7, ranks=True)))
    return made


def settings(models: Path, **fields: Any) -> Settings:
    return Settings.load({}, **{"models": models, "num_parallel": 4, "threads": 1, "context_length": 1024, **fields})


def make(library: Library, **fields: Any) -> Inference:
    return Inference(library, settings(Path("elsewhere"), **fields), lambda: Runner(Inline))


@pytest.fixture(scope="module")
def inference(library: Library) -> Iterator[Inference]:
    made = make(library)
    yield made
    made.close()


def user(text: str) -> tuple[Message, ...]:
    return (Message(role="user", content=text),)


def chat(inference: Inference, text: str, **fields: Any) -> Generation:
    fields = {"model": "tiny", "options": GREEDY, "think": False, **fields}
    return inference.chat(ChatRequest(messages=user(text), **fields))


def complete(inference: Inference, prompt: str, **fields: Any) -> Generation:
    return inference.complete(CompleteRequest(prompt=prompt, **{"model": "plain", "options": GREEDY, **fields}))


def read(generation: Generation) -> list[Event]:
    events = list(generation)
    assert [isinstance(event, Finished | Failed) for event in events].count(True) == 1
    assert isinstance(events[-1], Finished | Failed)
    return events


def finished(events: list[Event]) -> Finished:
    last = events[-1]
    if isinstance(last, Failed):
        raise from_code(last.code, last.message)
    assert isinstance(last, Finished)
    return last


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


# Answers.


def test_the_shipped_model_answers(inference: Inference) -> None:
    events = read(chat(inference, "How do I list my models?", options=Options(temperature=0.0, repeat_penalty=1.0)))
    last = finished(events)
    assert last.reason == "stop"
    assert text_of(events).strip()
    assert last.usage.prompt_tokens > 0
    assert last.usage.output_tokens > 0
    assert last.usage.total_ns >= last.usage.prompt_ns + last.usage.output_ns


def test_many_chats_at_once_answer_as_each_alone(inference: Inference) -> None:
    questions = [f"What is {number} plus {number + 7}?" for number in range(8)]
    alone = [text_of(read(chat(inference, question))) for question in questions]
    together: dict[int, str] = {}

    def answer(number: int) -> None:
        together[number] = text_of(read(chat(inference, questions[number])))

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert [together[number] for number in range(8)] == alone


def test_json_is_json(inference: Inference) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 20}}, "required": ["name"]}
    events = read(chat(inference, "My name is Ada. Give my name as JSON.", format=schema, options=ENOUGH))
    assert finished(events).reason == "stop"
    assert set(json.loads(text_of(events))) == {"name"}


def test_json_holds_when_the_model_may_think(inference: Inference) -> None:
    schema = {"enum": ["red", "green"]}
    events = read(chat(inference, "Name a colour.", format=schema, think=True, options=ENOUGH))
    assert finished(events).reason == "length" or json.loads(text_of(events)) in ("red", "green")


def test_a_tool_call_is_an_event_or_text_but_never_a_marker(inference: Inference) -> None:
    options = Options(temperature=0.0, repeat_penalty=1.0, num_predict=100)
    events = read(chat(inference, "What is the weather in Paris?", tools=(WEATHER,), options=options))
    assert [event for event in events if isinstance(event, ToolCall)] or "<tool_call>" not in text_of(events)


def test_a_completion_returns_its_tokens_and_goes_on_from_them(inference: Inference) -> None:
    first = finished(read(complete(inference, "once upon")))
    assert len(first.tokens) == first.usage.prompt_tokens + first.usage.output_tokens - (first.reason == "stop")
    again = finished(read(complete(inference, "and then", context=first.tokens)))
    assert again.tokens[: len(first.tokens)] == first.tokens


def test_raw_prompts_are_sent_as_they_are(inference: Inference) -> None:
    last = finished(read(complete(inference, "QQQ", raw=True)))
    assert (last.usage.prompt_tokens, last.tokens) == (3, ())


def test_the_modelfile_decides_what_the_request_leaves_open(inference: Inference) -> None:
    assert finished(read(complete(inference, "x", options=Options(temperature=0.0)))).usage.output_tokens == 5
    assert finished(read(complete(inference, "x", options=Options(num_predict=3)))).usage.output_tokens <= 3


def test_stop_strings_of_the_request_reach_the_engine(inference: Inference) -> None:
    free = text_of(read(complete(inference, "tell")))
    events = read(complete(inference, "tell", options=Options(temperature=0.0, repeat_penalty=1.0, stop=(free[3],))))
    assert text_of(events) == free[: free.index(free[3])]
    assert finished(events).stop_sequence == free[3]


def test_too_long_a_chat_is_told(inference: Inference) -> None:
    with pytest.raises(ContextExceeded, match="1024"):
        finished(read(chat(inference, "word " * 3000)))


def test_truncating_drops_the_oldest_messages(inference: Inference) -> None:
    turns = [
        Message(role=role, content=f"{number} " + "word " * 60)
        for number in range(20)
        for role in ("user", "assistant")
    ]
    request = ChatRequest(
        model="tiny",
        options=GREEDY,
        think=False,
        truncate=True,
        messages=(Message(role="system", content="Be brief."), *turns, *user("Hi")),
    )
    usage = finished(read(inference.chat(request))).usage
    assert 500 < usage.prompt_tokens < 1024


def test_rendering_shows_the_prompt(inference: Inference) -> None:
    text = inference.render(ChatRequest(model="plain", messages=user("Hi")))
    assert text == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"


# Streams.


def test_nothing_within_the_time_is_none(inference: Inference) -> None:
    generation = chat(inference, "Hi")
    while (event := generation.next(0)) is None:
        pass
    assert not isinstance(event, Failed)
    generation.close()


def test_closing_frees_the_model(inference: Inference) -> None:
    generations = [complete(inference, "x", options=Options(num_predict=-1, temperature=0.0)) for _ in range(6)]
    assert generations[0].next(WAIT_S) is not None
    for generation in generations:
        generation.close()
        generation.close()
    assert all(row.num_active == row.num_waiting == 0 for row in inference.loaded())
    assert finished(read(complete(inference, "x"))).usage.output_tokens > 0


def test_an_ended_stream_has_no_more(inference: Inference) -> None:
    generation = complete(inference, "x")
    read(generation)
    assert generation.next(0) is None
    assert generation.drain() == []
    assert list(generation) == []


def test_what_shows_late_comes_as_a_failure(inference: Inference) -> None:
    events = read(complete(inference, "x", grammar=Grammar(kind="gbnf", text="root ::= nothing")))
    (failed,) = events
    assert isinstance(failed, Failed)
    assert failed.code == InvalidRequest.code
    assert all(row.num_active == 0 for row in inference.loaded())


def test_a_template_that_refuses_comes_as_a_failure(inference: Inference) -> None:
    (failed,) = read(chat(inference, "x", template="{% for m in messages %}{{ raise_exception('no') }}{% endfor %}"))
    assert isinstance(failed, Failed)
    assert "no" in failed.message


# Refusals.


def test_an_unknown_model_is_named(inference: Inference) -> None:
    with pytest.raises(NotFound, match=r"'nobody'.*try pulling"):
        chat(inference, "x", model="nobody")


@pytest.mark.parametrize(
    ("fields", "ability"),
    [({"tools": (WEATHER,)}, "tools"), ({"think": True}, "thinking")],
)
def test_what_a_model_cannot_do_is_named(inference: Inference, fields: dict[str, Any], ability: str) -> None:
    with pytest.raises(Unsupported, match=f"does not support {ability}"):
        chat(inference, "x", **{"model": "plain", "think": None, **fields})


def test_an_embedding_model_does_not_chat(inference: Inference) -> None:
    with pytest.raises(Unsupported, match='"bert" does not support chat'):
        chat(inference, "x", model="bert", think=None)


@pytest.mark.parametrize(
    "options", [Options(temperature=-1.0), Options(top_p=2.0), Options(num_ctx=0), Options(seed=2**70)]
)
def test_options_out_of_range_are_refused_early(inference: Inference, options: Options) -> None:
    with pytest.raises(InvalidRequest, match="must be between"):
        chat(inference, "x", options=options)


def test_a_wrong_format_is_refused_early(inference: Inference) -> None:
    with pytest.raises(InvalidRequest, match="invalid format"):
        chat(inference, "x", format="yaml")


# Embeddings.


@pytest.mark.parametrize("model", ["tiny", "plain", "bert"])
def test_vectors_have_length_one(inference: Inference, model: str) -> None:
    made = inference.embed(EmbedRequest(model=model, inputs=("some words", "others")))
    assert len(made.vectors) == 2
    assert all(sum(value * value for value in vector) == pytest.approx(1.0, abs=1e-5) for vector in made.vectors)
    assert made.prompt_tokens > 0


def test_dimensions_cut_and_normalise_again(inference: Inference) -> None:
    (vector,) = inference.embed(EmbedRequest(model="plain", inputs=("x",), dimensions=8)).vectors
    assert len(vector) == 8
    assert sum(value * value for value in vector) == pytest.approx(1.0, abs=1e-5)


def test_vectors_can_stay_as_they_are(inference: Inference) -> None:
    (vector,) = inference.embed(EmbedRequest(model="plain", inputs=("x",), normalize=False)).vectors
    assert sum(value * value for value in vector) != pytest.approx(1.0, abs=1e-3)


def test_nothing_to_embed_loads_the_model(inference: Inference) -> None:
    assert inference.embed(EmbedRequest(model="bert", inputs=())).vectors == ()
    assert "bert:latest" in [row.name for row in inference.loaded()]


def test_scores_are_probabilities_in_the_order_of_the_documents(inference: Inference) -> None:
    documents = ("some words", "other words", "9 . ? !")
    ranking = inference.rerank(RerankRequest(model="judge", query="words", documents=documents))
    assert all(0 < score < 1 for score in ranking.scores)
    backwards = inference.rerank(RerankRequest(model="judge", query="words", documents=documents[::-1]))
    assert backwards.scores[::-1] == pytest.approx(ranking.scores, abs=0.01)
    assert len({round(score, 3) for score in ranking.scores}) == 3
    assert ranking.prompt_tokens == backwards.prompt_tokens > 0


def test_only_rerankers_rank_and_they_do_not_embed(inference: Inference) -> None:
    for model in ("tiny", "bert"):
        with pytest.raises(Unsupported, match=f'"{model}" does not support reranking'):
            inference.rerank(RerankRequest(model=model, query="q", documents=("d",)))
    with pytest.raises(Unsupported, match="scores, not embeddings"):
        inference.embed(EmbedRequest(model="judge", inputs=("x",)))
    long = RerankRequest(model="judge", query="q", documents=("a b " * 500,), truncate=False)
    with pytest.raises(ContextExceeded):
        inference.rerank(long)


def test_vectors_and_scores_that_nobody_waits_for_are_not_computed(inference: Inference) -> None:
    with pytest.raises(Cancelled):
        inference.embed(EmbedRequest(model="bert", inputs=("some words",) * 5000), lambda: True)
    with pytest.raises(Cancelled):
        inference.rerank(RerankRequest(model="judge", query="words", documents=("some words",) * 5000), lambda: True)
    assert all(row.num_active == 0 for row in inference.loaded())


def test_bad_embedding_requests_are_refused(inference: Inference) -> None:
    with pytest.raises(InvalidRequest, match="dimensions"):
        inference.embed(EmbedRequest(model="bert", inputs=("x",), dimensions=-1))
    with pytest.raises(ContextExceeded):
        inference.embed(EmbedRequest(model="bert", inputs=("a b " * 500,), truncate=False))
    with pytest.raises(NotFound):
        inference.embed(EmbedRequest(model="nobody", inputs=("x",)))


# Models in memory.


def test_loading_and_unloading(library: Library) -> None:
    inference = make(library, keep_alive=-1.0)
    try:
        inference.load("plain", Options(num_ctx=128), None)
        (row,) = inference.loaded()
        assert (row.name, row.context_length, row.num_parallel, row.expires_ns) == ("plain:latest", 128, 4, None)
        assert row.size > 0
        inference.unload("plain")
        assert inference.loaded() == []
        inference.unload("plain")
        with pytest.raises(NotFound):
            inference.unload("nobody")
    finally:
        inference.close()


def test_a_model_with_two_names_goes_by_the_one_that_was_asked_for_last(library: Library) -> None:
    library.copy("plain", "other-name")
    inference = make(library)
    try:
        for name in ("other-name", "plain"):
            inference.load(name, Options(), None)
            assert [row.name for row in inference.loaded()] == [f"{name}:latest"]
        assert inference.load_counts().loads == 1
    finally:
        inference.close()
        library.delete("other-name")


def test_expiry_is_told_and_the_longest_to_live_come_first(library: Library) -> None:
    inference = make(library)
    try:
        inference.load("plain", Options(), 60.0)
        inference.load("bert", Options(), -1.0)
        first, second = inference.loaded()
        assert (first.name, first.expires_ns) == ("bert:latest", None)
        assert second.expires_ns is not None
    finally:
        inference.close()


def test_a_model_that_is_stopped_while_it_answers_is_shown_as_expired(library: Library) -> None:
    inference = make(library)
    try:
        running = complete(inference, "x", options=Options(num_predict=-1, ignore_eos=True), keep_alive_s=-1.0)
        assert running.next(WAIT_S) is not None
        inference.unload("plain")
        (row,) = inference.loaded()
        assert row.expires_ns is not None
        assert row.expires_ns <= time.time_ns()
        running.close()
    finally:
        inference.close()


def test_closing_fails_running_answers(library: Library) -> None:
    inference = make(library)
    generation = complete(inference, "x", options=Options(num_predict=-1, num_ctx=1024, temperature=2.0))
    assert generation.next(WAIT_S) is not None
    inference.close()
    last = read(generation)[-1]
    assert isinstance(last, Failed | Finished)
    with pytest.raises(Busy, match="shutting down"):
        complete(inference, "x")


def test_a_model_that_cannot_be_loaded_is_told(library: Library) -> None:
    def refuse() -> Runner:
        raise OmmError("no runner today")

    inference = Inference(library, settings(Path("elsewhere")), refuse)
    try:
        (failed,) = read(complete(inference, "x"))
        assert failed == Failed(code=OmmError.code, message="no runner today")
        with pytest.raises(OmmError, match="no runner today"):
            inference.embed(EmbedRequest(model="plain", inputs=("x",)))
    finally:
        inference.close()
