"""completions: prompts in all forms, echo, suffix, best_of, and the old shape of log probabilities."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from falcon.testing import Result, TestClient

from omm.api.app import create_app
from omm.api.services import Services
from omm.config import Settings
from omm.errors import InvalidRequest, Unsupported
from omm.types import CompleteRequest, Failed, Finished, TextDelta, ThinkingDelta, TokenLogprob, TopLogprob, Usage
from tests.fakes import FakeInference, FakeLibrary, FakeStream, answer, record

PATH = "/v1/completions"


def ask(client: TestClient, **fields: Any) -> Result:
    return client.simulate_post(PATH, json={"model": "tiny", "prompt": "Once", **fields})


def frames(result: Result) -> list[Any]:
    assert result.status_code == 200
    assert result.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = [event.removeprefix("data: ") for event in result.text[:-2].split("\n\n")]
    return [json.loads(event) if event.startswith("{") else event for event in events]


def scored(text: str, logprob: float) -> TextDelta:
    top = (TopLogprob(token=text, logprob=logprob, data=text.encode()),)
    return TextDelta(text=text, logprobs=(TokenLogprob(token=text, logprob=logprob, data=text.encode(), top=top),))


@pytest.fixture(autouse=True)
def templated(library: FakeLibrary) -> None:
    """The model has a chat template."""
    known = library.records["tiny:latest"]
    library.records["tiny:latest"] = msgspec.structs.replace(known, chat_template="{{ messages }}")


def test_the_whole_answer(client: TestClient) -> None:
    body = ask(client).json
    assert re.fullmatch(r"cmpl-[0-9a-f]{24}", body.pop("id"))
    assert re.fullmatch(r"fp_[0-9a-f]{10}", body.pop("system_fingerprint"))
    assert isinstance(body.pop("created"), int)
    assert body.pop("usage")["total_tokens"] == 9
    assert body == {
        "object": "text_completion",
        "model": "tiny",
        "choices": [{"index": 0, "text": "Hello there", "logprobs": None, "finish_reason": "stop"}],
    }


def test_a_stream(client: TestClient, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(ThinkingDelta(text="Hm"), *answer("Hello", reason="length"))
    events = frames(ask(client, stream=True))
    assert events.pop() == "[DONE]"
    assert [event["choices"][0] for event in events] == [
        {"index": 0, "text": "Hello", "logprobs": None, "finish_reason": None},
        {"index": 0, "text": "", "logprobs": None, "finish_reason": "length"},
    ]
    assert len({(event["id"], event["object"], event["created"]) for event in events}) == 1
    assert all("usage" not in event for event in events)


def test_usage_at_the_end_of_a_stream(client: TestClient) -> None:
    events = frames(ask(client, stream=True, stream_options={"include_usage": True}))
    assert (events[-2]["choices"], events[-2]["usage"]["total_tokens"]) == ([], 9)
    assert all(event["usage"] is None for event in events[:-2])


def test_a_failure_in_a_stream(client: TestClient, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(TextDelta(text="x"), Failed(code="engine_failed", message="broke"))
    events = frames(ask(client, stream=True))
    assert events[-1]["error"]["message"] == "broke"


def test_the_template_may_be_the_configurations(library: FakeLibrary, inference: FakeInference, tmp_path: Path) -> None:
    library.records["tiny:latest"] = record()  # has none of its own
    (tmp_path / "c.toml").write_text("[model.tiny]\ntemplate = '{{ messages }}'")
    for env, is_raw in ({}, True), ({"OMM_CONFIG": str(tmp_path / "c.toml")}, False):
        settings = Settings.load(env, models=tmp_path)
        app = create_app(Services(inference, library, settings=settings), settings)
        ask(TestClient(app, headers={"host": "localhost:11434"}))
        assert inference.request.raw is is_raw


# --- prompts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "requests"),
    [
        ({"prompt": "Once"}, [{"prompt": "Once"}]),
        ({"prompt": ""}, [{"prompt": ""}]),
        ({"prompt": "Once", "raw": True}, [{"prompt": "Once", "raw": True}]),
        ({"prompt": "Once", "echo": True}, [{"prompt": "Once", "raw": True}]),
        ({"prompt": "Once", "suffix": "end"}, [{"prompt": "Once", "suffix": "end"}]),
        ({"prompt": "Once", "suffix": "end", "echo": True}, [{"prompt": "Once", "suffix": "end"}]),
        ({"prompt": ["a", "b"]}, [{"prompt": "a"}, {"prompt": "b"}]),
        ({"prompt": [1, 2]}, [{"prompt": "", "context": (1, 2), "raw": True}]),
        (
            {"prompt": [[1, 2], [3]]},
            [{"prompt": "", "context": (1, 2), "raw": True}, {"prompt": "", "context": (3,), "raw": True}],
        ),
    ],
)
def test_prompts(
    client: TestClient, inference: FakeInference, fields: dict[str, Any], requests: list[dict[str, Any]]
) -> None:
    assert ask(client, **fields).status_code == 200
    asked = [call[1] for call in inference.calls if call[0] == "complete"]
    assert asked == [CompleteRequest(model="tiny", **expected) for expected in requests]


def test_a_model_without_template_takes_prompts_raw(
    client: TestClient, inference: FakeInference, library: FakeLibrary
) -> None:
    known = library.records["tiny:latest"]
    library.records["tiny:latest"] = msgspec.structs.replace(known, chat_template="")
    ask(client)
    assert inference.request.raw


def test_reasoning_has_no_place_here(client: TestClient, inference: FakeInference, library: FakeLibrary) -> None:
    known = library.records["tiny:latest"]
    library.records["tiny:latest"] = msgspec.structs.replace(known, capabilities=("completion", "thinking"))
    ask(client)
    assert inference.request.think is False
    ask(client, think=True)
    assert inference.request.think is True


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"prompt": [[]]}, "prompt[0]"),
        ({"prompt": ["a", 1]}, "prompt"),
        ({"prompt": [-1]}, "prompt"),
        ({"prompt": [1, 2.5]}, "prompt[1]"),
        ({"prompt": ["a"] * 129}, "prompt"),
        ({"prompt": [1], "suffix": "x"}, "prompt"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"max_tokens": 2**31}, "max_tokens"),
        ({"max_tokens": 10**20}, "max_tokens"),
        ({"n": 9}, "n"),
        ({"best_of": 9}, "best_of"),
        ({"n": 3, "best_of": 2}, "best_of"),
        ({"best_of": 2, "stream": True}, "best_of"),
        ({"logprobs": 6}, "logprobs"),
        ({"logprobs": True}, "logprobs"),
        ({"logprobs": 1, "echo": True}, "logprobs"),
        ({"temperature": 3}, "temperature"),
        ({"model": ""}, "model"),
    ],
)
def test_what_is_refused(client: TestClient, inference: FakeInference, fields: dict[str, Any], param: str) -> None:
    result = ask(client, **fields)
    assert result.status_code == 400
    assert (result.json["error"]["code"], result.json["error"]["param"]) == ("invalid_value", param)
    assert inference.calls == []


@pytest.mark.parametrize("is_stream", [False, True])
def test_unknown_tokens_are_named_as_the_client_did(
    client: TestClient, inference: FakeInference, is_stream: bool
) -> None:
    inference.raises = InvalidRequest("the context holds token ids that the model does not have", param="context")
    result = ask(client, prompt=[10**6], stream=is_stream)
    assert result.status_code == 400
    error = result.json["error"]
    assert (error["param"], error["message"]) == ("prompt", "the prompt holds token ids that the model does not have")


@pytest.mark.parametrize("field", ["model", "prompt"])
def test_required_fields(client: TestClient, field: str) -> None:
    body = {"model": "tiny", "prompt": "x"}
    del body[field]
    error = client.simulate_post(PATH, json=body).json["error"]
    assert (error["code"], error["param"]) == ("missing_required_parameter", field)


def test_a_model_that_cannot_insert(client: TestClient, inference: FakeInference) -> None:
    inference.raises = Unsupported("tiny does not support insert", param="suffix")
    result = ask(client, suffix="x")
    assert (result.status_code, result.json["error"]["param"]) == (400, "suffix")


def test_options_and_format(client: TestClient, inference: FakeInference) -> None:
    ask(client, max_tokens=0, temperature=0.5, stop="x", response_format={"type": "json_object"}, top_k=2, user="u")
    options = inference.request.options
    assert (options.num_predict, options.temperature, options.stop, options.top_k) == (0, 0.5, ("x",), 2)
    assert inference.request.format == "json"


# --- several answers --------------------------------------------------------------------------------------------


def test_prompts_and_choices_are_numbered_together(client: TestClient, inference: FakeInference) -> None:
    body = ask(client, prompt=["a", "b"], n=2, seed=1, echo=True).json
    assert [(choice["index"], choice["text"]) for choice in body["choices"]] == [
        (0, "aHello there"),
        (1, "aHello there"),
        (2, "bHello there"),
        (3, "bHello there"),
    ]
    asked = [(call[1].prompt, call[1].options.seed) for call in inference.calls]
    assert asked == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    assert (body["usage"]["prompt_tokens"], body["usage"]["completion_tokens"]) == (14, 8)


def test_streamed_choices_begin_with_their_prompts(client: TestClient) -> None:
    events = frames(ask(client, prompt=["a", "b"], n=2, echo=True, stream=True))[:-1]
    assert [(event["choices"][0]["index"], event["choices"][0]["text"]) for event in events[:4]] == [
        (0, "a"),
        (1, "a"),
        (2, "b"),
        (3, "b"),
    ]


def test_token_ids_are_echoed_as_text(client: TestClient) -> None:
    assert ask(client, prompt=list(b"Once"), echo=True).json["choices"][0]["text"] == "OnceHello there"


def test_the_most_likely_are_chosen_and_all_are_paid(client: TestClient, inference: FakeInference) -> None:
    end = Finished(reason="stop", usage=Usage(prompt_tokens=4, output_tokens=1))
    streams = iter(
        [
            FakeStream(scored("low", -3.0), end),
            FakeStream(scored("long", -0.5), scored("er", -0.5), end),
            FakeStream(end),
            FakeStream(scored("high", -0.1), end),
        ]
    )
    inference.stream = lambda: next(streams)
    body = ask(client, n=2, best_of=4).json
    assert [(choice["index"], choice["text"]) for choice in body["choices"]] == [(0, "high"), (1, "longer")]
    assert body["choices"][0]["logprobs"] is None
    assert inference.request.logprobs is True
    assert (body["usage"]["prompt_tokens"], body["usage"]["completion_tokens"]) == (4, 4)


# --- log probabilities ------------------------------------------------------------------------------------------


def test_the_old_shape_of_log_probabilities(client: TestClient, inference: FakeInference) -> None:
    half = TokenLogprob(token="\ufffd", logprob=-1.0, data="ü".encode()[:1])
    rest = TokenLogprob(token="\ufffd", logprob=-2.0, data="ü".encode()[1:])
    events = (scored("ab", -0.5), TextDelta(text="ü", logprobs=(half, rest)), scored("c", -0.25), *answer())
    inference.stream = lambda: FakeStream(*events)
    expected = {
        "tokens": ["ab", "\ufffd", "\ufffd", "c"],
        "token_logprobs": [-0.5, -1.0, -2.0, -0.25],
        "top_logprobs": [{"ab": -0.5}, {}, {}, {"c": -0.25}],
        "text_offset": [0, 2, 2, 3],
    }
    assert ask(client, logprobs=1).json["choices"][0]["logprobs"] == expected
    assert (inference.request.logprobs, inference.request.top_logprobs) == (True, 1)
    chunks = [event["choices"][0]["logprobs"] for event in frames(ask(client, logprobs=1, stream=True))[:-2]]
    assert {key: [each for chunk in chunks for each in chunk[key]] for key in expected} == expected
    ask(client, logprobs=0)
    assert (inference.request.logprobs, inference.request.top_logprobs) == (True, 0)
