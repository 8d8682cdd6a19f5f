"""The step loop over real llama.cpp: batching, cache, limits, sampling, constraints, cancelling, failing."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from omm.engine import llama as llama_api
from omm.engine.messages import (
    Command,
    Constraint,
    Detokenize,
    Embed,
    Generate,
    Limits,
    SamplingParams,
    Text,
    Tokenize,
    Tokens,
)
from omm.engine.runner import Runner
from omm.engine.worker import LONG_TEXT, MAX_FAILURES, NUM_PREPARERS, shift_range
from omm.errors import ContextExceeded, EngineFailed, InvalidRequest
from omm.types import Failed, PromptProgress, TextDelta
from tests.engine.real import ENDLESS, GREEDY, PROMPTS, WAIT_S, ask, collect, embed, inline, start, worker_of
from tests.ggufs import write_adapter

pytestmark = pytest.mark.model

EXTREMES: list[dict[str, Any]] = [
    {"mirostat": 1},
    {"mirostat": 2},
    {"mirostat": 1, "mirostat_tau": 0.0, "mirostat_eta": 100.0},
    {"mirostat": 2, "mirostat_tau": 0.0, "mirostat_eta": 100.0},
    {"xtc_probability": 1.0, "xtc_threshold": 0.0},
    {"typical_p": 0.2},
    {"typical_p": 0.0},
    {"dry_multiplier": 1.0},
    {"dry_multiplier": 100.0, "dry_base": 100.0, "dry_allowed_length": 0},
    {"dry_multiplier": 1.0, "dry_sequence_breakers": ("", "\0", "é", "x" * 1024)},
    {"dynatemp_range": 0.5},
    {"dynatemp_range": 100.0, "dynatemp_exponent": 0.0},
    {"dynatemp_range": 0.7, "dynatemp_exponent": 100.0},
    {"min_p": 1.0},
    {"top_p": 0.0},
    {"top_k": 1},
    {"top_k": 2**31 - 1},
    {"top_n_sigma": 1.0},
    {"top_n_sigma": 1000.0},
    {"temperature": 100.0},
    {"temperature": 0.001},
    {"repeat_penalty": 0.01},
    {"repeat_penalty": 100.0, "repeat_last_n": -1},
    {"frequency_penalty": 100.0, "presence_penalty": -100.0},
    {"repeat_last_n": 2**31 - 1},
    {"logit_bias": {0: 1000.0, 1: -1000.0, 511: 5.0}},
    {"seed": 2**32 - 1},
]


@pytest.fixture(scope="module")
def runner(llama: Path) -> Iterator[Runner]:
    with inline(llama) as loaded:
        yield loaded


def is_quiet(runner: Runner) -> bool:
    """Whether nothing runs and every slot is free. A request through the loop comes first, so earlier ones are over."""
    ask(runner, "quiet", num_predict=0)
    worker = worker_of(runner)
    return worker.is_idle and not any(slot.is_busy for slot in worker._slots.all) and not runner._outboxes


def tokens_of(runner: Runner, text: str) -> tuple[int, ...]:
    reply = runner.call(lambda request_id: Tokenize(id=request_id, text=text), WAIT_S)
    assert isinstance(reply, Tokens)
    return reply.ids


# Batching and the prompt cache.


def test_a_batch_answers_as_each_alone(runner: Runner, llama: Path) -> None:
    together = [collect(outbox) for outbox in [start(runner, prompt) for prompt in PROMPTS]]
    with inline(llama, num_parallel=1) as single:
        alone = [ask(single, prompt) for prompt in PROMPTS]
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert len({answer.text for answer in alone}) > 8


@pytest.mark.parametrize("num_batch", [1, 3, 64])
def test_the_size_of_a_step_changes_nothing(runner: Runner, llama: Path, num_batch: int) -> None:
    expected = [ask(runner, prompt).text for prompt in PROMPTS[:6]]
    with inline(llama, num_batch=num_batch) as small:
        got = [collect(outbox).text for outbox in [start(small, prompt) for prompt in PROMPTS[:6]]]
    assert got == expected


def test_a_second_request_reuses_what_is_cached(runner: Runner, llama: Path) -> None:
    prompt = "the same long beginning of a conversation " * 4
    with inline(llama, num_parallel=1) as fresh:
        first = ask(fresh, prompt)
        again = ask(fresh, prompt)
        longer = ask(fresh, prompt + first.text + " and on")
        anew = ask(fresh, prompt, limits=Limits(num_predict=20, cache_prompt=False))
    assert anew.finished.usage.cached_tokens == 0
    assert anew.text == ask(runner, prompt, limits=Limits(num_predict=20)).text
    assert first.finished.usage.cached_tokens == 0
    assert again.finished.usage.cached_tokens == again.finished.usage.prompt_tokens - 1
    assert again.text == first.text
    assert longer.finished.usage.cached_tokens >= first.finished.usage.prompt_tokens - 1
    assert longer.text == ask(runner, prompt + first.text + " and on").text


def test_a_beginning_is_copied_from_a_running_request(runner: Runner, llama: Path) -> None:
    system = "you are a helpful assistant and you answer in few words only, please do so. " * 2
    with inline(llama) as fresh:
        ask(fresh, system + "one", num_predict=1)
        outboxes = [start(fresh, system + name) for name in ("two", "three", "four")]
        answers = [collect(outbox) for outbox in outboxes]
    assert all(answer.finished.usage.cached_tokens > 32 for answer in answers)
    assert [answer.text for answer in answers] == [ask(runner, system + name).text for name in ("two", "three", "four")]


def test_a_sliding_window_reuses_only_what_is_there(gemma: Path) -> None:
    prompts = ["a long beginning " * 12 + ending for ending in ("one", "two", "one and more")]
    with inline(gemma, num_parallel=1) as cached:
        got = [ask(cached, prompt).text for prompt in prompts]
    expected = []
    for prompt in prompts:
        with inline(gemma, num_parallel=1) as fresh:
            expected.append(ask(fresh, prompt).text)
    assert got == expected


def test_long_prompts_report_progress(llama: Path) -> None:
    with inline(llama, num_batch=32, num_parallel=1) as small:
        answer = ask(small, "many words to read before the answer " * 5, num_predict=1)
    done = [progress.done for progress in answer.progress]
    assert len(done) > 1
    assert done == sorted(done)
    assert all(progress.total == answer.finished.usage.prompt_tokens for progress in answer.progress)


def test_a_short_prompt_is_told_of_before_its_answer(llama: Path) -> None:
    with inline(llama, num_parallel=1) as small:
        first, again = ask(small, PROMPTS[0]), ask(small, PROMPTS[0])
    total = first.finished.usage.prompt_tokens
    cached = again.finished.usage.cached_tokens
    assert cached > 0
    assert first.progress == [PromptProgress(done=0, total=total)]
    assert again.progress == [PromptProgress(done=cached, total=total, cached=cached)]


# Limits of a generation.


@pytest.mark.parametrize("count", [0, 1, 7])
def test_num_predict_ends_an_answer(runner: Runner, count: int) -> None:
    answer = ask(runner, PROMPTS[1], num_predict=count)
    assert (answer.finished.reason, answer.finished.usage.output_tokens) == ("length", count)
    assert bool(answer.text) == bool(count)


def test_without_limit_the_context_ends_an_answer(runner: Runner) -> None:
    answer = ask(runner, PROMPTS[2], num_predict=-1, sampling=ENDLESS)
    usage = answer.finished.usage
    assert answer.finished.reason == "length"
    assert usage.prompt_tokens + usage.output_tokens == 256


def test_a_shift_goes_on_past_the_context(runner: Runner) -> None:
    answer = ask(runner, PROMPTS[2], sampling=ENDLESS, limits=Limits(num_predict=600, shift=True, num_keep=4))
    assert answer.finished.reason == "length"
    assert answer.finished.usage.output_tokens == 600


def test_a_shifting_answer_without_limit_ends_all_the_same(llama: Path) -> None:
    with inline(llama, num_ctx=16, num_parallel=1) as small:
        answer = ask(small, "x", sampling=ENDLESS, limits=Limits(num_predict=-1, shift=True))
    assert answer.finished.reason == "length"
    assert answer.finished.usage.output_tokens == 160


def test_what_was_shifted_is_not_reused(llama: Path) -> None:
    with inline(llama, num_ctx=64, num_parallel=1) as small:
        limits = Limits(num_predict=100, shift=True, num_keep=2)
        shifted = ask(small, "tell", sampling=ENDLESS, limits=limits, want_tokens=True)
        prefix = shifted.finished.tokens[:30]
        after = ask(small, "x", prefix=prefix)
        assert after.finished.usage.cached_tokens <= 2
    with inline(llama, num_ctx=64, num_parallel=1) as fresh:
        assert ask(fresh, "x", prefix=prefix).text == after.text


@pytest.mark.parametrize("num_keep", [0, 1, 4, 100, 2**31 - 1])
def test_a_shift_always_makes_room(num_keep: int) -> None:
    for num_tokens in range(4, 100):
        keep, discard = shift_range(num_tokens, num_keep)
        assert keep >= 0
        assert discard >= 1
        assert keep + discard < num_tokens


def test_a_prompt_that_does_not_fit_names_both_numbers(runner: Runner) -> None:
    with pytest.raises(ContextExceeded, match=r"\b256\b") as caught:
        ask(runner, "word " * 600)
    assert str(len(tokens_of(runner, "word " * 600))) in caught.value.message


def test_the_longest_prompt_that_fits_gets_one_token(runner: Runner) -> None:
    letter = tokens_of(runner, "Q")
    assert len(letter) == 1
    answer = ask(runner, "Q" * 255, num_predict=5)
    assert (answer.finished.usage.prompt_tokens, answer.finished.usage.output_tokens) == (255, 1)
    with pytest.raises(ContextExceeded):
        ask(runner, "Q" * 256)


def test_a_prompt_is_cut_in_the_middle_when_asked(runner: Runner) -> None:
    answer = ask(runner, "Q" * 2000, truncate=True, limits=Limits(num_predict=1, num_keep=6))
    assert answer.finished.usage.prompt_tokens == 256 - (256 - 6) // 2


def test_an_empty_prompt_is_refused(runner: Runner) -> None:
    with pytest.raises(InvalidRequest, match="empty"):
        ask(runner, "")


def test_context_tokens_come_before_the_prompt(runner: Runner) -> None:
    ids = tokens_of(runner, "before ")
    answer = ask(runner, "after", prefix=ids, want_tokens=True)
    assert answer.text == ask(runner, "before after").text
    assert answer.finished.tokens[: len(ids)] == ids


@pytest.mark.parametrize("token", [-1, 512, 2**31])
def test_context_tokens_that_do_not_exist_are_refused(runner: Runner, token: int) -> None:
    with pytest.raises(InvalidRequest, match="context"):
        ask(runner, "x", prefix=(token,))


def ends_of(runner: Runner) -> list[int]:
    return worker_of(runner)._host.vocabulary.ends


@pytest.mark.parametrize("temperature", [0.0, 2.0])
def test_no_end_before_as_many_tokens_as_wanted(runner: Runner, temperature: float) -> None:
    eager = SamplingParams(temperature=temperature, seed=2, logit_bias=dict.fromkeys(ends_of(runner), 1000.0))
    answer = ask(runner, PROMPTS[0], sampling=eager, limits=Limits(num_predict=20, min_tokens=7), want_tokens=True)
    assert (answer.finished.reason, answer.finished.usage.output_tokens) == ("stop", 8)
    assert not set(answer.finished.tokens[-7:]) & set(ends_of(runner))
    assert ask(runner, PROMPTS[0], sampling=eager).finished.usage.output_tokens == 1


def test_ends_can_be_ignored(runner: Runner) -> None:
    eager = SamplingParams(temperature=0.0, logit_bias=dict.fromkeys(ends_of(runner), 1000.0))
    answer = ask(runner, PROMPTS[0], sampling=eager, limits=Limits(num_predict=20, ignore_eos=True))
    assert (answer.finished.reason, answer.finished.usage.output_tokens) == ("length", 20)


def test_every_token_is_counted_with_the_text_it_is_in(runner: Runner) -> None:
    stop = ask(runner, PROMPTS[3], num_predict=24, sampling=ENDLESS).text[9:13]
    for limits in (Limits(num_predict=24), Limits(num_predict=24, stop=(stop,)), Limits(num_predict=5)):
        answer = ask(runner, PROMPTS[3], limits=limits, sampling=ENDLESS)
        assert sum(delta.num_tokens for delta in answer.deltas) == answer.finished.usage.output_tokens
    eager = SamplingParams(temperature=0.0, logit_bias=dict.fromkeys(ends_of(runner), 1000.0))
    answer = ask(runner, PROMPTS[3], sampling=eager, limits=Limits(num_predict=9, min_tokens=4))
    assert sum(delta.num_tokens for delta in answer.deltas) == 4
    assert answer.finished.usage.output_tokens == 5  # the end, too


# Stop strings.


def test_a_stop_string_ends_the_answer_before_it(runner: Runner) -> None:
    free = ask(runner, PROMPTS[3], num_predict=24)
    stop = free.text[5:8]
    answer = ask(runner, PROMPTS[3], num_predict=24, stop=("never in there", stop))
    assert answer.text == free.text[: free.text.index(stop)]
    assert (answer.finished.reason, answer.finished.stop_sequence) == ("stop", stop)


def test_a_stop_string_that_never_comes_changes_nothing(runner: Runner) -> None:
    free = ask(runner, PROMPTS[3])
    assert ask(runner, PROMPTS[3], stop=(free.text[-4:] + "!!",)).text == free.text


# Log-probabilities.


def test_logprobs_are_sorted_and_match_the_text(runner: Runner) -> None:
    answer = ask(runner, PROMPTS[4], logprobs=True, top_logprobs=5)
    assert len(answer.logprobs) == answer.finished.usage.output_tokens
    for entry in answer.logprobs:
        values = [other.logprob for other in entry.top]
        assert len(values) == 5
        assert values == sorted(values, reverse=True)
        assert all(value <= 0 for value in values)
        assert entry.data == entry.top[0].data  # greedy takes the most likely
    assert b"".join(entry.data for entry in answer.logprobs).decode("utf-8", "replace") == answer.text


def test_logprobs_without_alternatives(runner: Runner) -> None:
    answer = ask(runner, PROMPTS[4], logprobs=True)
    assert answer.logprobs
    assert all(entry.top == () for entry in answer.logprobs)


def test_more_alternatives_than_tokens_is_all_of_them(runner: Runner) -> None:
    (entry,) = ask(runner, PROMPTS[4], logprobs=True, top_logprobs=1000, num_predict=1).logprobs
    assert len(entry.top) == 512


def test_logprobs_of_a_held_back_token_are_not_lost(runner: Runner) -> None:
    free = ask(runner, PROMPTS[4], num_predict=12)
    answer = ask(runner, PROMPTS[4], num_predict=12, stop=(free.text[4:9],), logprobs=True)
    assert len(answer.logprobs) == answer.finished.usage.output_tokens


def test_logprobs_are_of_the_models_own_distribution(runner: Runner) -> None:
    (token,) = tokens_of(runner, "Z")
    (free,) = ask(runner, PROMPTS[4], logprobs=True, top_logprobs=512, num_predict=1).logprobs
    assert sum(math.exp(other.logprob) for other in free.top) == pytest.approx(1.0, abs=1e-3)
    bias = SamplingParams(temperature=0.1, logit_bias={token: 1000.0})
    (biased,) = ask(runner, PROMPTS[4], sampling=bias, logprobs=True, top_logprobs=512, num_predict=1).logprobs
    red = Constraint(grammar='start: "Z"')
    (bound,) = ask(runner, PROMPTS[4], constraint=red, logprobs=True, top_logprobs=512, num_predict=1).logprobs
    assert biased.data == bound.data == b"Z"
    for other in (biased, bound):
        assert [entry.logprob for entry in other.top] == pytest.approx([entry.logprob for entry in free.top])
        assert other.logprob == pytest.approx(next(entry.logprob for entry in free.top if entry.data == b"Z"))


# Sampling.


def sampled(runner: Runner, **fields: Any) -> str:
    return ask(runner, PROMPTS[5], sampling=SamplingParams(**fields)).text


def test_a_seed_makes_an_answer_repeatable(runner: Runner) -> None:
    texts = [sampled(runner, temperature=1.0, seed=seed) for seed in (1, 2, 3, 1)]
    assert texts[0] == texts[3]
    assert len(set(texts)) == 3


def test_without_a_seed_answers_differ(runner: Runner) -> None:
    assert len({sampled(runner, temperature=2.0) for _ in range(3)}) > 1


@pytest.mark.parametrize("fields", EXTREMES, ids=str)
def test_every_option_runs_at_its_limits(runner: Runner, fields: dict[str, Any]) -> None:
    answer = ask(runner, PROMPTS[5], sampling=SamplingParams(**{"seed": 3, **fields}), num_predict=8)
    assert answer.finished.usage.output_tokens > 0


def test_a_bias_forces_a_token(runner: Runner) -> None:
    (token,) = tokens_of(runner, "Z")
    answer = ask(runner, PROMPTS[5], sampling=SamplingParams(temperature=0.0, logit_bias={token: 1000.0}))
    assert set(answer.text) == {"Z"}


def test_a_bias_forbids_a_token(runner: Runner) -> None:
    (first,) = tokens_of(runner, ask(runner, PROMPTS[5], num_predict=1).text)
    without = SamplingParams(temperature=0.0, repeat_penalty=1.0, logit_bias={first: -1000.0})
    answer = ask(runner, PROMPTS[5], sampling=without, num_predict=30, want_tokens=True)
    assert first not in answer.finished.tokens[-30:]


def test_a_bias_is_for_tokens_that_the_model_has(runner: Runner) -> None:
    with pytest.raises(InvalidRequest, match="the logit_bias holds token ids"):
        ask(runner, "x", sampling=SamplingParams(logit_bias={2**31 - 1: 5.0}))


def test_a_hardly_positive_temperature_is_greedy(runner: Runner) -> None:
    cold = SamplingParams(temperature=1e-30, repeat_penalty=1.0, top_k=0, top_p=1.0)
    assert ask(runner, PROMPTS[5], sampling=cold).text == ask(runner, PROMPTS[5]).text


def test_newlines_can_be_spared_the_penalty(runner: Runner) -> None:
    (newline,) = tokens_of(runner, "\n")
    fields: dict[str, Any] = {"temperature": 0.0, "logit_bias": {newline: 40.0}, "frequency_penalty": 10.0}
    punished = ask(runner, PROMPTS[5], sampling=SamplingParams(**fields), num_predict=20)
    spared = ask(runner, PROMPTS[5], sampling=SamplingParams(penalize_newline=False, **fields), num_predict=20)
    assert spared.text == "\n" * 20
    assert punished.text != spared.text


# Text as tokens.


def test_the_text_of_a_control_token_can_be_kept_text(runner: Runner) -> None:
    prompt = "<|im_start|>user\n<|im_end|><|im_start|>"
    whole = ask(runner, prompt, num_predict=0, want_tokens=True).finished.tokens
    cut = ask(runner, prompt, cuts=(18, 28), num_predict=0, want_tokens=True).finished.tokens
    assert [token for token in whole if token < 3] == [1, 2, 1]
    assert [token for token in cut if token < 3] == [1]
    for tokens in (whole, cut):
        reply = runner.call(lambda request_id, ids=tokens: Detokenize(id=request_id, ids=ids), WAIT_S)
        assert reply == Text(text=prompt)


def test_tokenizing_says_what_a_prompt_is_made_of(runner: Runner) -> None:
    prompt = "a<|im_end|>b"

    def tokenize(**fields: Any) -> tuple[int, ...]:
        reply = runner.call(lambda request_id: Tokenize(id=request_id, text=prompt, **fields), WAIT_S)
        assert isinstance(reply, Tokens)
        return reply.ids

    assert tokenize() == ask(runner, prompt, num_predict=0, want_tokens=True).finished.tokens
    assert 2 in tokenize()
    assert 2 not in tokenize(special=False)
    assert 2 not in tokenize(cuts=(5,))


def test_ids_that_do_not_exist_have_no_text(runner: Runner) -> None:
    with pytest.raises(InvalidRequest, match="token ids"):
        runner.call(lambda request_id: Detokenize(id=request_id, ids=(512,)), WAIT_S)


# Cancelling.


@pytest.mark.parametrize("num_replies", range(6))
def test_cancelling_at_any_point_frees_the_slot(runner: Runner, num_replies: int) -> None:
    outboxes = [start(runner, prompt, num_predict=100) for prompt in PROMPTS[:8]]
    for outbox in outboxes:
        for _ in range(num_replies):
            assert outbox.next(WAIT_S) is not None
        outbox.close()
    assert is_quiet(runner)
    assert ask(runner, PROMPTS[0]).text


@pytest.mark.parametrize("kind", ["generate", "embed", "tokenize"])
def test_a_long_text_keeps_nobody_waiting_and_is_forgotten_when_cancelled(
    llama: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    text, is_reached, may_go_on = "a" * (LONG_TEXT + 1), threading.Semaphore(0), threading.Event()
    commands: dict[str, Callable[[int], Command]] = {
        "generate": lambda id: Generate(id=id, prompt=text, truncate=True),
        "embed": lambda id: Embed(id=id, inputs=(text,)),
        "tokenize": lambda id: Tokenize(id=id, text=text),
    }
    with inline(llama) as loaded:
        worker = worker_of(loaded)
        real = worker._host.vocabulary.tokenize

        def tokenize(given: str, *args: Any, **fields: Any) -> list[int]:
            if given == text:
                is_reached.release()
                assert may_go_on.wait(WAIT_S)
            return real(given, *args, **fields)

        monkeypatch.setattr(worker._host.vocabulary, "tokenize", tokenize)
        outboxes = [loaded.start(commands[kind]) for _ in range(NUM_PREPARERS + 1)]
        assert all(is_reached.acquire(timeout=WAIT_S) for _ in range(NUM_PREPARERS))
        assert ask(loaded, PROMPTS[0], num_predict=1).text
        for outbox in outboxes:
            outbox.close()
        assert not worker._preparing
        may_go_on.set()
        worker._preparers.shutdown()  # waits for them
        assert not is_reached.acquire(blocking=False)  # the last one was not begun
        ask(loaded, PROMPTS[0], num_predict=1)
        assert worker.is_idle


def test_cancelling_one_leaves_the_others(runner: Runner) -> None:
    expected = ask(runner, PROMPTS[8]).text
    gone, kept = start(runner, PROMPTS[9], num_predict=100), start(runner, PROMPTS[8])
    assert gone.next(WAIT_S) is not None
    gone.close()
    assert collect(kept).text == expected


def test_a_cancelled_prompt_leaves_a_usable_cache(runner: Runner, llama: Path) -> None:
    prompt = "a long prompt that is read in several steps and given up half way " * 3
    with inline(llama, num_batch=16, num_parallel=1) as small:
        outbox = start(small, prompt)
        assert outbox.next(WAIT_S) is not None  # the first progress
        outbox.close()
        again = ask(small, prompt)
    assert again.text == ask(runner, prompt).text


def test_more_requests_than_slots_wait_for_their_turn(runner: Runner) -> None:
    outboxes = [start(runner, PROMPTS[0], num_predict=4) for _ in range(20)]
    texts = {collect(outbox).text for outbox in outboxes}
    assert len(texts) == 1
    assert is_quiet(runner)


# Adapters.

SCALES = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (-1.0, 0.25)]


@pytest.fixture(scope="module")
def adapters(llama: Path, models: Path) -> tuple[str, ...]:
    return tuple(str(write_adapter(models / f"lora-{seed}.gguf", llama, seed=seed)) for seed in (1, 2))


@pytest.fixture(scope="module")
def adapted(llama: Path, adapters: tuple[str, ...]) -> Iterator[Runner]:
    with inline(llama, adapters=adapters) as loaded:
        yield loaded


def test_adapters_that_are_off_change_nothing(runner: Runner, adapted: Runner) -> None:
    expected = ask(runner, PROMPTS[0]).text
    assert ask(adapted, PROMPTS[0]).text == expected
    assert ask(adapted, PROMPTS[0], scales=(0.0, 0.0)).text == expected
    assert ask(adapted, PROMPTS[0], scales=(1.0,)).text == ask(adapted, PROMPTS[0], scales=(1.0, 0.0)).text != expected


def test_requests_with_other_adapters_do_not_disturb_each_other(
    adapted: Runner, llama: Path, adapters: tuple[str, ...]
) -> None:
    asked = [(prompt, scales) for prompt in PROMPTS[:4] for scales in SCALES]
    outboxes = [start(adapted, prompt, scales=scales, num_predict=40) for prompt, scales in asked]
    together = [collect(outbox).text for outbox in outboxes]
    with inline(llama, adapters=adapters, num_parallel=1) as single:
        alone = [ask(single, prompt, scales=scales, num_predict=40).text for prompt, scales in asked]
    assert together == alone
    assert len(set(alone)) > len(SCALES)
    assert is_quiet(adapted)


def test_other_adapters_take_turns(adapted: Runner) -> None:
    long = start(adapted, PROMPTS[0], num_predict=200, sampling=ENDLESS, scales=SCALES[1])
    assert isinstance(long.next(WAIT_S), PromptProgress)
    for scales in SCALES[2:]:
        assert ask(adapted, PROMPTS[1], num_predict=4, scales=scales).text
    assert not long.is_done
    assert collect(long).finished.usage.output_tokens == 200


def test_what_was_computed_with_other_adapters_is_not_reused(llama: Path, adapters: tuple[str, ...]) -> None:
    prompt = "the same long beginning of a conversation " * 4
    with inline(llama, adapters=adapters, num_parallel=1) as fresh:
        answers = [ask(fresh, prompt, scales=scales) for scales in (SCALES[1], SCALES[1], SCALES[2], SCALES[1])]
    cached = [answer.finished.usage.cached_tokens for answer in answers]
    assert cached == [0, answers[0].finished.usage.prompt_tokens - 1, 0, 0]
    assert answers[0].text == answers[1].text == answers[3].text != answers[2].text


def test_each_set_of_adapters_keeps_its_cache(adapted: Runner) -> None:
    prompt = "another long beginning of a conversation " * 4
    for scales in SCALES[1:3]:
        ask(adapted, prompt, scales=scales)
    for scales in SCALES[1:3]:
        assert ask(adapted, prompt, scales=scales).finished.usage.cached_tokens > 100


def test_a_failing_step_leaves_other_adapters_alone(adapted: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ask(adapted, PROMPTS[3], scales=SCALES[3]).text
    fail_decodes(monkeypatch, 1)
    with pytest.raises(EngineFailed, match="decoding failed"):
        ask(adapted, PROMPTS[4], scales=SCALES[1])
    assert ask(adapted, PROMPTS[3], scales=SCALES[3]).text == expected


# Failing.


def fail_decodes(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Let the next `count` decodes fail as llama.cpp does when a computation fails."""
    real = llama_api.llama_cpp.llama_decode
    left = [count]

    def decode(handle: Any, batch: Any) -> int:
        if left[0]:
            left[0] -= 1
            return -3
        return int(real(handle, batch))

    monkeypatch.setattr(llama_api.llama_cpp, "llama_decode", decode)


def test_a_failing_step_fails_its_requests_and_no_later_one(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ask(runner, PROMPTS[10]).text
    fail_decodes(monkeypatch, 1)
    with pytest.raises(EngineFailed, match="decoding failed with code -3"):
        ask(runner, PROMPTS[11])
    assert ask(runner, PROMPTS[10]).text == expected
    assert is_quiet(runner)


def test_a_failing_step_fails_none_that_waits_for_a_slot(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inline(llama, num_parallel=1) as narrow:
        expected = ask(narrow, PROMPTS[10]).text
        worker, real = worker_of(narrow), llama_api.llama_cpp.llama_decode

        def decode(handle: Any, batch: Any) -> int:
            if not worker._waiting:
                return int(real(handle, batch))
            monkeypatch.undo()
            return -3

        monkeypatch.setattr(llama_api.llama_cpp, "llama_decode", decode)
        running = start(narrow, PROMPTS[11], sampling=ENDLESS, limits=Limits(num_predict=10**6, shift=True))
        waiting = start(narrow, PROMPTS[10])
        with pytest.raises(EngineFailed, match="decoding failed"):
            collect(running)
        assert collect(waiting).text == expected


def test_a_failing_step_fails_no_embedding_that_it_did_not_reach(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = embed(runner, PROMPTS[10])
    worker, real = worker_of(runner), llama_api.llama_cpp.llama_decode

    def decode(handle: Any, batch: Any) -> int:
        if not worker._embeds:
            return int(real(handle, batch))
        monkeypatch.undo()
        return -3

    monkeypatch.setattr(llama_api.llama_cpp, "llama_decode", decode)
    running = start(runner, PROMPTS[11], sampling=ENDLESS, limits=Limits(num_predict=10**6, shift=True))
    assert isinstance(running.next(WAIT_S), PromptProgress)
    assert embed(runner, PROMPTS[10]) == expected
    with pytest.raises(EngineFailed, match="decoding failed"):
        collect(running)
    assert is_quiet(runner)


def test_an_embedding_that_breaks_down_fails_once(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> list[bytes]:
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(worker_of(runner)._host, "embed", break_down)
        with pytest.raises(EngineFailed, match="boom"):
            embed(runner, PROMPTS[0])
    assert is_quiet(runner)


def test_three_failing_steps_in_a_row_end_the_worker(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inline(llama) as doomed:
        fail_decodes(monkeypatch, MAX_FAILURES)
        for _ in range(MAX_FAILURES):
            with pytest.raises(EngineFailed):
                ask(doomed, PROMPTS[0])
        thread = doomed._transport._thread  # type: ignore[attr-defined]
        thread.join(WAIT_S)
        assert not thread.is_alive()


def test_a_sampler_that_cannot_be_made_fails_its_request_alone(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ask(runner, PROMPTS[12]).text
    running = start(runner, PROMPTS[12])
    monkeypatch.setattr(llama_api.llama_cpp, "llama_sampler_init_dist", lambda seed: None)
    with pytest.raises(EngineFailed, match="dist"):
        ask(runner, PROMPTS[12], sampling=SamplingParams())
    assert collect(running).text == expected
    assert is_quiet(runner)


def test_a_request_nobody_foresaw_fails_alone(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> list[int]:
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(worker_of(runner)._host.vocabulary, "tokenize", break_down)
        with pytest.raises(EngineFailed, match="boom"):
            ask(runner, PROMPTS[0])
    assert is_quiet(runner)


def test_closing_fails_what_runs(llama: Path) -> None:
    with inline(llama) as closing:
        outbox = start(closing, PROMPTS[0], sampling=ENDLESS, limits=Limits(num_predict=10**6, shift=True))
        assert isinstance(outbox.next(WAIT_S), PromptProgress)
        assert isinstance(outbox.next(WAIT_S), TextDelta)
    last = None
    while not outbox.is_done:
        last = outbox.next(WAIT_S)
        assert last is not None
    assert isinstance(last, Failed)


def test_every_stream_ends_once(runner: Runner) -> None:
    """A reply after the last would stay in the runner's table or reach an outbox that is done."""
    outboxes = [
        start(runner, "word " * 600),
        start(runner, PROMPTS[0], num_predict=0),
        start(runner, PROMPTS[1], num_predict=3),
        runner.start(lambda request_id: Generate(id=request_id, prompt="", sampling=GREEDY)),
    ]
    for outbox in outboxes:
        while not outbox.is_done:
            assert outbox.next(WAIT_S) is not None
        assert outbox._queue.empty()
    assert is_quiet(runner)
