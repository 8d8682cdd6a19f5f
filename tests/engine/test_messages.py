"""Frames arrive as they were sent, or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.engine import messages
from omm.engine.messages import (
    Cancel,
    Command,
    Constraint,
    Detokenize,
    Embed,
    Generate,
    Limits,
    Load,
    Loaded,
    LoadSpec,
    ModelShape,
    Outgoing,
    SamplingParams,
    Text,
    Thinking,
    Tokenize,
    Tokens,
    Vectors,
    is_last,
)
from omm.types import Failed, Finished, PromptProgress, TextDelta, TokenLogprob, TopLogprob, Usage

SHAPE = ModelShape(num_layers=2, kv_bytes_per_token=4, weights_bytes=5, trained_context=6, is_embedding=True)
COMMANDS: list[Command] = [
    Load(spec=LoadSpec(path="/ä/m.gguf", shape=SHAPE, adapters=("/a",), use_mmap=False)),
    Generate(
        id=2**40,
        prompt="🙂\0x",
        cuts=(1,),
        prefix=(1, 2),
        sampling=SamplingParams(logit_bias={3: -1.5}, seed=2**32 - 1),
        limits=Limits(stop=("\n", "é"), min_tokens=3, ignore_eos=True),
        thinking=Thinking(begin="<think>", end="</think>", budget=0, forced="</think>"),
        constraint=Constraint(grammar='start: "x"', trigger="<tool_call>"),
        scales=(0.5, -1e-07),
    ),
    Embed(id=3, inputs=("", "a"), scales=(0.5,)),
    Tokenize(id=4, text="x", cuts=(0, 1), special=False, bos=False),
    Detokenize(id=6, ids=(1, 2), special=False),
    Cancel(id=5),
]
REPLIES: list[Outgoing] = [
    (0, Loaded(num_ctx=1, num_parallel=2, gpu_layers=3, num_layers=4, size=5, size_vram=6, markers={"<s>": 1})),
    (
        1,
        TextDelta(
            text="é",
            num_tokens=2,
            logprobs=(
                TokenLogprob(
                    token="a", logprob=-1.0, data=b"\xff", top=(TopLogprob(token="b", logprob=-2.0, data=b"b"),)
                ),
            ),
        ),
    ),
    (2, PromptProgress(done=1, total=2, cached=1)),
    (3, Finished(reason="stop", usage=Usage(prompt_tokens=1), stop_sequence="\n", tokens=(1, 2))),
    (4, Failed(code="busy", message="no")),
    (5, Tokens(ids=(1, 2))),
    (7, Text(text="é")),
    (6, Vectors(rows=(b"\0\1\2\3",), num_tokens=4)),
]


def written(commands: list[Command]) -> bytes:
    pipe = io.BytesIO()
    for command in commands:
        messages.write_command(pipe, command)
    return pipe.getvalue()


def test_commands_arrive_in_order() -> None:
    pipe = io.BytesIO(written(COMMANDS))
    assert [messages.read_command(pipe) for _ in COMMANDS] == COMMANDS
    assert messages.read_command(pipe) is None


def test_replies_of_a_step_arrive_together() -> None:
    pipe = io.BytesIO()
    messages.write_replies(pipe, REPLIES)
    messages.write_replies(pipe, [])
    pipe.seek(0)
    assert messages.read_replies(pipe) == REPLIES
    assert messages.read_replies(pipe) == []
    assert messages.read_replies(pipe) is None


@given(st.integers(0, 10_000))
def test_a_frame_cut_short_is_the_end(length: int) -> None:
    whole = written([COMMANDS[1]])
    pipe = io.BytesIO(whole[: length % len(whole)])
    assert messages.read_command(pipe) is None


def test_something_else_than_a_command_is_refused() -> None:
    pipe = io.BytesIO()
    messages.write_replies(pipe, REPLIES)
    pipe.seek(0)
    with pytest.raises(ValueError, match="Expected"):
        messages.read_command(pipe)


def test_only_text_and_progress_are_followed_by_more() -> None:
    assert [is_last(reply) for _, reply in REPLIES] == [True, False, False, True, True, True, True, True]
