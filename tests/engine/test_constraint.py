"""Answers that keep to a grammar: schemas, Lark and GBNF, beside reasoning and behind a trigger."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from omm.engine import constraint as constraint_module
from omm.engine import gbnf
from omm.engine import llama as llama_api
from omm.engine.constraint import MAX_CACHED, Grammars, Masks, Matcher
from omm.engine.gbnf import NUM_LIKELY
from omm.engine.llama import Model
from omm.engine.messages import Constraint, Limits, SamplingParams, Thinking
from omm.engine.runner import Runner
from omm.engine.samplers import Grammar
from omm.engine.vocabulary import Vocabulary
from omm.errors import EngineFailed, InvalidRequest
from tests.engine.conftest import TINY
from tests.engine.real import GREEDY, PROMPTS, WAIT_S, ask, collect, inline, start, worker_of

pytestmark = pytest.mark.model

THINKING = Thinking(begin="<think>", end="</think>")
CHAT = "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"


@pytest.fixture(scope="module")
def runner(llama: Path) -> Iterator[Runner]:
    """Random weights: the model says anything, and only the grammar keeps it to something."""
    with inline(llama) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def chat() -> Iterator[Runner]:
    """The model that omm ships, which reasons before it answers."""
    with inline(TINY) as loaded:
        yield loaded


def schema_grammar(schema: Any) -> Constraint:
    """The grammar of a JSON Schema, with few blanks between its parts."""
    guided = {"x-guidance": {"whitespace_pattern": r"[ \n]{0,2}"}, **schema}
    return Constraint(grammar=f"start: %json {json.dumps(guided)}")


# JSON Schema and Lark.


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 8}},
            "required": ["name"],
            "additionalProperties": False,
        },
        {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3},
        {"enum": ["red", "green"]},
        {
            "type": "object",
            "properties": {"a": {"type": "boolean"}, "b": {"$ref": "#/$defs/n"}},
            "required": ["a", "b"],
            "additionalProperties": False,
            "$defs": {"n": {"type": "null"}},
        },
    ],
    ids=str,
)
def test_a_schema_gives_json_that_fits(runner: Runner, schema: Any) -> None:
    for seed in range(3):
        answer = ask(
            runner,
            PROMPTS[6],
            num_predict=200,
            constraint=schema_grammar(schema),
            sampling=SamplingParams(temperature=1.0, seed=seed),
        )
        if answer.finished.reason == "stop":
            value = json.loads(answer.text)
            assert schema != {"enum": ["red", "green"]} or value in ("red", "green")
            assert schema.get("type") != "array" or 2 <= len(value) <= 3
        else:
            assert schema == {"type": "object"} or "integer" in str(schema)  # nothing else may go on for ever


@pytest.mark.parametrize(
    "schema",
    [{"type": "nonsense"}, {"$ref": "#/$defs/missing"}, {"type": "string", "pattern": "("}, {"type": 5}],
    ids=str,
)
def test_a_broken_schema_is_refused(runner: Runner, schema: Any) -> None:
    with pytest.raises(InvalidRequest, match="format"):
        ask(runner, PROMPTS[6], constraint=schema_grammar(schema))


def test_a_grammar_that_is_none_is_refused(runner: Runner) -> None:
    with pytest.raises(InvalidRequest, match="format"):
        ask(runner, PROMPTS[6], constraint=Constraint(grammar="start: {"))


def test_constrained_and_free_answers_share_a_step(runner: Runner) -> None:
    wanted = schema_grammar({"enum": [["red", "green"], ["blue"]]})
    expected = ask(runner, PROMPTS[7]).text
    outboxes = [
        start(runner, PROMPTS[7], num_predict=60, constraint=wanted),
        start(runner, PROMPTS[7]),
    ]
    bound, free = [collect(outbox) for outbox in outboxes]
    assert json.loads(bound.text) in (["red", "green"], ["blue"])
    assert free.text == expected


def test_special_tokens_stand_in_a_grammar_by_their_ids(runner: Runner) -> None:
    answer = ask(runner, PROMPTS[6], constraint=Constraint(grammar='start: <[1]> "Z" <[1]>'), special=True)
    assert answer.text == "<|im_start|>Z<|im_start|>"
    written = ask(runner, PROMPTS[6], constraint=Constraint(grammar='start: "<|im_start|>"'), want_tokens=True)
    assert written.text == "<|im_start|>"
    assert 1 not in written.finished.tokens[-written.finished.usage.output_tokens :]


@pytest.mark.parametrize("temperature", [0.0, 2.0, 100.0])
@pytest.mark.parametrize("fields", [{}, {"typical_p": 0.2}, {"mirostat": 2}, {"min_p": 1.0}, {"top_k": 0}], ids=str)
def test_no_sampler_leaves_the_grammar(runner: Runner, temperature: float, fields: dict[str, Any]) -> None:
    for kind, grammar in (("lark", "start: /[a-c]{8}/"), ("gbnf", "root ::= [a-c] [a-c] [a-c] [a-c]+")):
        sampling = SamplingParams(temperature=temperature, seed=3, **fields)
        answer = ask(
            runner, PROMPTS[6], num_predict=8, sampling=sampling, constraint=Constraint(kind=kind, grammar=grammar)
        )
        assert re.fullmatch("[a-c]+", answer.text)


def test_unknown_keywords_are_named(runner: Runner) -> None:
    with pytest.raises(InvalidRequest, match=r"Unimplemented keys: \[.*not"):
        ask(runner, PROMPTS[6], constraint=schema_grammar({"not": {"type": "string"}}))


@pytest.mark.parametrize(
    "grammar",
    ["start: " + "(" * 20_000 + '"a"' + ")" * 20_000, "start: %json " + '{"items":' * 20_000 + "{}" + "}" * 20_000],
    ids=["parentheses", "items"],
)
def test_a_grammar_too_deep_to_compile_is_refused(runner: Runner, grammar: str) -> None:
    with pytest.raises(InvalidRequest, match="format"):
        ask(runner, PROMPTS[6], constraint=Constraint(grammar=grammar))


def test_a_grammar_that_can_end_may_end_with_any_end_token() -> None:
    with opened() as (vocabulary, grammars):
        matcher = grammars.start(Constraint(grammar="start: /[0-9]+/"))
        assert not set(vocabulary.ends) & allowed(matcher, vocabulary.size)
        matcher.accept(vocabulary.tokenize("1")[0])
        assert set(vocabulary.ends) <= allowed(matcher, vocabulary.size)


# GBNF.


@pytest.mark.parametrize(
    ("grammar", "pattern"),
    [
        ('root ::= "yes" | "no"', "yes|no"),
        ('root ::= item item item\nitem ::= "<" [a-z] ">"', "(<[a-z]>){3}"),
        ('root ::= "é" "漢"', "é漢"),
        ('root ::= "<|im_start|>"', re.escape("<|im_start|>")),
    ],
)
def test_gbnf_holds(runner: Runner, grammar: str, pattern: str) -> None:
    answer = ask(runner, PROMPTS[6], num_predict=40, constraint=Constraint(kind="gbnf", grammar=grammar))
    assert re.fullmatch(pattern, answer.text)
    assert answer.finished.reason == "stop"


@pytest.mark.parametrize(
    "grammar",
    ["", "root ::= missing", 'other ::= "a"', "root ::= root", 'root ::= "a', 'root ::= "a"{1000000}', "(" * 60_000],
    ids=lambda grammar: grammar[:20],
)
def test_broken_gbnf_is_refused(runner: Runner, grammar: str) -> None:
    with pytest.raises(InvalidRequest, match="grammar"):
        ask(runner, PROMPTS[6], constraint=Constraint(kind="gbnf", grammar=grammar))


def test_a_gbnf_grammar_that_is_too_long_is_refused(runner: Runner) -> None:
    with pytest.raises(InvalidRequest, match="too large"):
        ask(runner, PROMPTS[6], constraint=Constraint(kind="gbnf", grammar='root ::= "' + "a" * (1 << 16) + '"'))


@pytest.mark.parametrize("grammar", ["start: start", "start: /[^\\x00-\\x{10FFFF}]/", "start: A\nA: /a/ & /b/"])
def test_a_grammar_that_no_text_fits_is_refused(runner: Runner, grammar: str) -> None:
    with pytest.raises(InvalidRequest, match="no text fits it"):
        ask(runner, PROMPTS[6], constraint=Constraint(grammar=grammar))


DOUBLING = [f"a{n} ::= a{n + 1} a{n + 1}" for n in range(15)]


@pytest.mark.parametrize(
    "grammar",
    ['root ::= "x"? ("a"? "b"?){60}', "\n".join(["root ::= a0", *DOUBLING, 'a15 ::= "a"?'])],
    ids=["to follow", "to begin"],
)
def test_gbnf_too_ambiguous_fails_its_request_alone(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, grammar: str
) -> None:
    fine = Constraint(kind="gbnf", grammar='root ::= "yes"')
    monkeypatch.setattr(gbnf, "PATIENCE_S", 0.1)
    monkeypatch.setattr(gbnf, "PATIENCE_PER_TOKEN_S", 0.0)
    monkeypatch.setattr(gbnf, "MAX_LOST", 1)
    expected = ask(runner, PROMPTS[2]).text
    with pytest.raises(InvalidRequest, match="too ambiguous"):
        ask(runner, PROMPTS[6], constraint=Constraint(kind="gbnf", grammar=grammar))
    assert ask(runner, PROMPTS[2]).text == expected
    with pytest.raises(InvalidRequest, match="unload the model"):
        ask(runner, PROMPTS[6], constraint=fine)
    for thread in threading.enumerate():
        if thread.name == "gbnf":
            thread.join(WAIT_S)
    assert ask(runner, PROMPTS[6], constraint=fine).text == "yes"


def test_gbnf_is_freed(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    grammars: list[Grammar] = []
    make = Grammar.__init__

    def remember(grammar: Grammar, *args: Any) -> None:
        make(grammar, *args)
        grammars.append(grammar)

    monkeypatch.setattr(Grammar, "__init__", remember)
    letters = Constraint(kind="gbnf", grammar="root ::= [a-z]+")
    ask(runner, PROMPTS[6], constraint=letters)
    outboxes = [start(runner, PROMPTS[6], num_predict=200, constraint=letters) for _ in range(6)]
    assert outboxes[0].next(WAIT_S) is not None
    for outbox in outboxes:
        outbox.close()
    for _ in range(3):  # as many as compile at once, and one more
        ask(runner, PROMPTS[6], num_predict=0, constraint=letters)
    assert len(grammars) > 4
    assert not any(grammar.handle for grammar in grammars)


# A grammar that leaves nothing.


@pytest.mark.parametrize(
    "wanted", [Constraint(grammar='start: "yes"'), Constraint(kind="gbnf", grammar='root ::= "yes"')], ids=str
)
def test_a_complete_grammar_ends_an_answer_that_should_be_longer(runner: Runner, wanted: Constraint) -> None:
    for limits in (Limits(num_predict=20, ignore_eos=True), Limits(num_predict=20, min_tokens=10)):
        answer = ask(runner, PROMPTS[6], limits=limits, constraint=wanted)
        assert (answer.text, answer.finished.reason) == ("yes", "stop")


# Reasoning.


@pytest.mark.parametrize("kind", ["lark", "gbnf"])
def test_a_model_may_reason_before_what_the_grammar_wants(chat: Runner, kind: Any) -> None:
    wanted = Constraint(kind=kind, grammar={"lark": 'start: "yes" | "no"', "gbnf": 'root ::= "yes" | "no"'}[kind])
    quick = ask(chat, CHAT, constraint=wanted, special=True)
    assert quick.text in ("yes", "no")
    eager = SamplingParams(temperature=0.0, logit_bias={chat_ids("<think>")[0]: 5.0}, repeat_penalty=1.0)
    thoughtful = ask(chat, CHAT, constraint=wanted, thinking=THINKING, special=True, sampling=eager, num_predict=100)
    assert re.fullmatch("<think>.*</think>(yes|no)", thoughtful.text, re.DOTALL)
    opened = ask(
        chat,
        CHAT + "<think>",
        constraint=wanted,
        thinking=Thinking(begin="", end="</think>"),
        special=True,
        num_predict=99,
    )
    assert re.fullmatch(".*</think>(yes|no)", opened.text, re.DOTALL)


@pytest.mark.parametrize("budget", [0, 1, 4])
@pytest.mark.parametrize("wanted", [None, Constraint(grammar='start: "yes"')], ids=["free", "bound"])
@pytest.mark.parametrize("sampling", [GREEDY, SamplingParams(temperature=1.0, seed=1)], ids=["greedy", "sampled"])
def test_a_thinking_budget_is_kept(
    chat: Runner, budget: int, wanted: Constraint | None, sampling: SamplingParams
) -> None:
    forced = "\nThat will do.\n</think>\n\n"
    limited = Thinking(begin="", end="</think>", budget=budget, forced=forced)
    answer = ask(
        chat,
        CHAT + "<think>",
        thinking=limited,
        constraint=wanted,
        sampling=sampling,
        special=True,
        num_predict=60,
        logprobs=True,
    )
    reasoning, _, rest = answer.text.partition(forced)
    assert len(chat_ids(reasoning)) <= budget
    assert rest == "yes" if wanted else rest
    assert len(answer.logprobs) == answer.finished.usage.output_tokens


def chat_ids(text: str) -> list[int]:
    with opened() as (vocabulary, _):
        return vocabulary.tokenize(text)


# Triggers.


@pytest.mark.parametrize("kind", ["lark", "gbnf"])
def test_a_grammar_holds_from_its_trigger_on(runner: Runner, kind: Any) -> None:
    free = ask(runner, PROMPTS[6], num_predict=20).text
    trigger = free[3:5]
    wanted = Constraint(kind=kind, grammar={"lark": 'start: "RED"', "gbnf": 'root ::= "RED"'}[kind], trigger=trigger)
    answer = ask(runner, PROMPTS[6], num_predict=40, constraint=wanted)
    assert answer.text == free.partition(trigger)[0] + trigger + "RED"
    assert answer.finished.reason == "stop"


def test_a_control_token_can_be_a_trigger(runner: Runner) -> None:
    eager = SamplingParams(temperature=0.0, logit_bias={1: 1000.0}, repeat_penalty=1.0)
    wanted = Constraint(grammar='start: "RED"', trigger="<|im_start|>")
    for special, text in ((True, "<|im_start|>RED"), (False, "RED")):
        assert ask(runner, PROMPTS[6], constraint=wanted, special=special, sampling=eager).text == text


def test_without_its_trigger_a_grammar_changes_nothing(runner: Runner) -> None:
    wanted = Constraint(grammar='start: "RED"', trigger="never in there")
    assert ask(runner, PROMPTS[6], constraint=wanted).text == ask(runner, PROMPTS[6]).text


# Compiling.


@contextmanager
def opened() -> Iterator[tuple[Vocabulary, Grammars]]:
    llama_api.start_backend()
    model = Model(str(TINY), gpu_layers=0)
    try:
        vocabulary = Vocabulary(model)
        yield vocabulary, Grammars(model, vocabulary)
    finally:
        model.close()


def allowed(matcher: Matcher, num_vocab: int) -> set[int]:
    matcher.compute()
    found = {token for token in range(num_vocab) if matcher.allows(token)}
    logits = np.zeros(num_vocab, np.float32)
    matcher.restrict(logits)
    left = set(np.flatnonzero(logits == 0).tolist())
    assert left
    assert left <= found
    return found


def test_compiled_grammars_are_kept_and_their_number_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = constraint_module._compile_lark
    monkeypatch.setattr(
        constraint_module, "_compile_lark", lambda tokenizer, text: compiled.append(text) or real(tokenizer, text)
    )
    texts = [f'start: "{number}"' for number in range(MAX_CACHED + 1)]
    with opened() as (_, grammars):
        for text in [*texts, *texts[1:], texts[0]]:
            grammars.start(Constraint(grammar=text))
        assert compiled == [*texts, texts[0]]
        assert len(grammars._cache) == MAX_CACHED


def test_matchers_of_one_grammar_do_not_know_of_each_other() -> None:
    with opened() as (vocabulary, grammars):
        for wanted in (Constraint(grammar="start: /[ax][by]/"), Constraint(kind="gbnf", grammar="root ::= [ax] [by]")):
            one, other = grammars.start(wanted), grammars.start(wanted)
            (a,), (b,) = vocabulary.tokenize("a"), vocabulary.tokenize("b")
            assert a in allowed(one, vocabulary.size)
            one.accept(a)
            after, untouched = allowed(one, vocabulary.size), allowed(other, vocabulary.size)
            assert (b in after, a in after, a in untouched, b in untouched) == (True, False, True, False)
            one.reset()
            assert allowed(one, vocabulary.size) == untouched
            one.close()
            other.close()


def test_gbnf_looks_beyond_the_likely_tokens_where_none_of_them_fits() -> None:
    with opened() as (vocabulary, grammars):
        assert vocabulary.size > 2 * NUM_LIKELY
        matcher = grammars.start(Constraint(kind="gbnf", grammar="root ::= [a-z]+"))
        found = sorted(allowed(matcher, vocabulary.size))
        unlikely, likely = np.zeros(vocabulary.size, np.float32), np.zeros(vocabulary.size, np.float32)
        unlikely[found], likely[found[0]] = -1.0, 1.0
        matcher.restrict(unlikely)
        assert np.flatnonzero(unlikely == -1.0).tolist() == found
        assert np.isinf(unlikely).sum() == vocabulary.size - len(found)
        matcher.restrict(likely)
        assert likely.argmax() == found[0]
        matcher.close()


def test_masks_are_computed_while_the_caller_works() -> None:
    masks, entered, left = Masks(), threading.Event(), threading.Event()

    class Slow:
        def compute(self) -> None:
            entered.set()
            assert left.wait(WAIT_S)

    with masks.computing([Slow()]):  # type: ignore[list-item]
        assert entered.wait(WAIT_S)
        left.set()
    masks.close()


class Gate:
    """Holds every compilation until it is opened."""

    def __init__(self, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_open, self.is_reached = threading.Event(), threading.Event()
        self._real = worker_of(runner)._host._grammars.start
        monkeypatch.setattr(worker_of(runner)._host._grammars, "start", self._start)

    def _start(self, wanted: Constraint) -> Matcher:
        self.is_reached.set()
        assert self.is_open.wait(WAIT_S)
        return self._real(wanted)


def test_a_grammar_that_takes_long_keeps_no_other_request_waiting(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ask(runner, PROMPTS[2]).text
    gate = Gate(runner, monkeypatch)
    slow = start(runner, PROMPTS[6], constraint=Constraint(grammar='start: "RED"'))
    assert gate.is_reached.wait(WAIT_S)
    assert ask(runner, PROMPTS[2]).text == expected
    gate.is_open.set()
    assert collect(slow).text == "RED"


def test_a_request_cancelled_while_it_is_compiled_never_runs(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inline(llama) as loaded:
        worker = worker_of(loaded)
        gate = Gate(loaded, monkeypatch)
        ran: list[int] = []
        place = worker._place
        monkeypatch.setattr(worker, "_place", lambda sequence, slot: (ran.append(sequence.id), place(sequence, slot)))
        gone = start(loaded, PROMPTS[6], constraint=Constraint(grammar="start: /[a-z]+/"))
        assert gate.is_reached.wait(WAIT_S)
        gone.close()
        gate.is_open.set()
        worker._preparers.shutdown()  # waits for it
        ask(loaded, PROMPTS[0], num_predict=1)
        assert len(ran) == 1
        assert not worker._preparing


def test_a_grammar_that_grows_too_complex_fails_its_request_alone(runner: Runner) -> None:
    expected = ask(runner, PROMPTS[2]).text
    free = start(runner, PROMPTS[2])
    bound = start(runner, PROMPTS[6], num_predict=40, constraint=Constraint(grammar='start: "a"{1000000}'))
    with pytest.raises(EngineFailed, match=r"grammar failed.*Too many items"):
        collect(bound)
    assert collect(free).text == expected
