"""A runner in a child process: it dies alone, leaves nothing behind, and knows no secrets."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from omm.config import runner_env
from omm.engine import messages
from omm.engine.messages import LOAD_ID, Detokenize, Load, Loaded, Text, Tokenize, Tokens
from omm.engine.runner import STOPPED, ChildProcess, Runner
from omm.engine.worker import LONG_TEXT
from omm.errors import EngineFailed, InvalidRequest, LoadFailed
from omm.types import Failed, Finished, PromptProgress, TextDelta
from tests.engine.real import ENDLESS, PROMPTS, WAIT_S, ask, collect, inline, spec_for, start
from tests.ggufs import Shape, write_model

pytestmark = pytest.mark.model


def child_of(runner: Runner) -> ChildProcess:
    transport = runner._transport
    assert isinstance(transport, ChildProcess)
    return transport


def start_child() -> Runner:
    return Runner(lambda on_replies, on_exit: ChildProcess(runner_env(), on_replies, on_exit))


def suspend(runner: Runner) -> None:
    """Stop the child as a debugger would, and wait until it has stopped."""
    os.kill(child_of(runner).pid, signal.SIGSTOP)
    os.waitid(os.P_PID, child_of(runner).pid, os.WSTOPPED | os.WNOWAIT)


@pytest.fixture(scope="module")
def runner(llama: Path) -> Iterator[Runner]:
    loaded = start_child()
    loaded.load(spec_for(llama), WAIT_S)
    yield loaded
    loaded.close()


def test_a_child_answers_as_a_worker_in_this_process(runner: Runner, llama: Path) -> None:
    got = [collect(outbox) for outbox in [start(runner, prompt) for prompt in PROMPTS]]
    with inline(llama) as here:
        assert [answer.text for answer in got] == [ask(here, prompt).text for prompt in PROMPTS]


def test_cancelling_reaches_the_child(runner: Runner) -> None:
    outboxes = [start(runner, prompt, num_predict=-1, sampling=ENDLESS) for prompt in PROMPTS]
    for outbox in outboxes:
        outbox.close()
    assert not runner._outboxes
    assert ask(runner, PROMPTS[0], num_predict=1).text  # all four slots were taken and are free again


def test_replies_to_unknown_ids_are_ignored(runner: Runner) -> None:
    runner._on_replies([(10**9, TextDelta(text="x")), (10**9, Finished(reason="stop"))])
    assert ask(runner, PROMPTS[0], num_predict=1).text


def test_what_cannot_be_sent_fails_its_request_alone(runner: Runner) -> None:
    with pytest.raises(InvalidRequest):
        start(runner, "half a character: \ud800")
    with pytest.raises(InvalidRequest):
        start(runner, "x", prefix=(2**70,))
    assert not runner._outboxes
    assert ask(runner, PROMPTS[0], num_predict=1).text


def test_a_failed_request_leaves_the_child_running(runner: Runner) -> None:
    with pytest.raises(InvalidRequest, match="context"):
        ask(runner, "x", prefix=(10**6,))
    assert runner.is_alive


def test_the_childs_environment_holds_no_secrets(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"OMM_API_KEY": "k1", "HF_TOKEN": "k2", "AWS_SECRET_ACCESS_KEY": "k3", "MY_PASSWORD": "k4"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    assert not secrets.keys() & runner_env().keys()
    known = set(psutil.Process(child_of(runner).pid).environ())
    assert not {name for name in known if any(word in name for word in ("KEY", "TOKEN", "SECRET", "PASSWORD", "OMM_"))}


def test_modules_of_the_current_directory_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "msgspec.py").write_text(f"open({str(tmp_path / 'caught')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    start_child().close()
    assert not (tmp_path / "caught").exists()


@pytest.mark.parametrize("text", ["a" * LONG_TEXT, "a" * 120_000, " " * 120_000, "!?" * 60_000], ids=len)
def test_a_long_run_of_letters_of_one_kind_ends_no_child(models: Path, text: str) -> None:
    child = start_child()
    try:
        child.load(spec_for(write_model(models / "tekken.gguf", Shape(pre="tekken"))), WAIT_S)
        reply = child.call(lambda request_id: Tokenize(id=request_id, text=text), WAIT_S)
        assert isinstance(reply, Tokens)
        again = child.call(lambda request_id: Detokenize(id=request_id, ids=reply.ids), WAIT_S)
        assert again == Text(text=text)
    finally:
        child.close()


# Dying.


def test_a_killed_child_fails_its_requests_and_no_others(runner: Runner, llama: Path) -> None:
    doomed = start_child()
    doomed.load(spec_for(llama), WAIT_S)
    outboxes = [start(doomed, prompt, num_predict=-1, sampling=ENDLESS) for prompt in PROMPTS]
    assert isinstance(outboxes[0].next(WAIT_S), TextDelta | PromptProgress)
    os.kill(child_of(doomed).pid, signal.SIGKILL)
    for outbox in outboxes:
        with pytest.raises(EngineFailed, match=STOPPED):
            collect(outbox)
    assert not doomed.is_alive
    with pytest.raises(EngineFailed, match=STOPPED):
        ask(doomed, PROMPTS[0])
    assert ask(runner, PROMPTS[0]).text
    doomed.close()


def test_a_child_that_dies_while_loading_is_a_failed_load(llama: Path) -> None:
    doomed = start_child()
    os.kill(child_of(doomed).pid, signal.SIGKILL)
    with pytest.raises(LoadFailed, match=STOPPED):
        doomed.load(spec_for(llama), WAIT_S)
    doomed.close()


def test_a_garbage_file_is_a_failed_load(garbage: Path) -> None:
    failing = start_child()
    try:
        with pytest.raises(LoadFailed, match="could not be loaded"):
            failing.load(spec_for(garbage), WAIT_S)
    finally:
        failing.close()


def test_a_load_that_fails_as_nobody_foresaw_says_why(llama: Path) -> None:
    failing = start_child()
    try:
        with pytest.raises(LoadFailed, match="KeyError: 'unknown'"):
            failing.load(spec_for(llama, kv_cache_type="unknown"), WAIT_S)
    finally:
        failing.close()


def test_a_load_that_takes_too_long_is_a_failed_load(llama: Path) -> None:
    slow = start_child()
    try:
        with pytest.raises(LoadFailed, match="within 0 seconds"):
            slow.load(spec_for(llama), 0.001)
    finally:
        slow.close()
    assert not psutil.pid_exists(child_of(slow).pid)


def test_a_child_that_stops_listening_is_ended_by_force(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omm.engine.runner.EXIT_TIMEOUT_S", 0.2)
    stuck = start_child()
    stuck.load(spec_for(llama), WAIT_S)
    suspend(stuck)
    writer = threading.Thread(target=start, args=(stuck, "x" * (1 << 20)))
    writer.start()
    stuck.close()
    writer.join(WAIT_S)
    assert not writer.is_alive()
    assert not psutil.pid_exists(child_of(stuck).pid)


def test_a_child_that_sends_nonsense_is_ended(llama: Path, caplog: pytest.LogCaptureFixture) -> None:
    confused = start_child()
    confused.load(spec_for(llama), WAIT_S)
    outbox = start(confused, PROMPTS[0], num_predict=-1, sampling=ENDLESS)
    real = messages.read_replies

    def misread(pipe: Any) -> Any:
        real(pipe)
        return real(io.BytesIO(b"\0\0\0\1\xc1"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "read_replies", misread)
        with pytest.raises(EngineFailed, match=STOPPED):
            collect(outbox)
    assert "failed" in caplog.text
    confused.close()
    assert not psutil.pid_exists(child_of(confused).pid)


def test_nothing_is_left_of_closed_runners(llama: Path) -> None:
    me = psutil.Process()
    files, threads = me.num_fds(), threading.active_count()
    for _ in range(3):
        gone = start_child()
        gone.load(spec_for(llama), WAIT_S)
        outbox = start(gone, PROMPTS[0], num_predict=-1, sampling=ENDLESS)
        gone.close()
        gone.close()
        with pytest.raises(EngineFailed):
            collect(outbox)
        assert not psutil.pid_exists(child_of(gone).pid)
    assert (me.num_fds(), threading.active_count()) == (files, threads)


# The child by itself.


def run_child() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "omm.engine.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=runner_env(),
    )


def test_a_child_ends_when_its_server_is_gone(llama: Path) -> None:
    with run_child() as child:
        assert child.stdin is not None
        assert child.stdout is not None
        messages.write_command(child.stdin, Load(spec=spec_for(llama)))
        assert isinstance(dict(messages.read_replies(child.stdout) or [])[LOAD_ID], Loaded)
        child.stdin.close()
        assert child.wait(WAIT_S) == 0
        assert messages.read_replies(child.stdout) is None


def test_a_child_ends_when_its_server_goes_before_it_loaded(llama: Path) -> None:
    with run_child() as child:
        assert child.stdin is not None
        messages.write_command(child.stdin, Load(spec=spec_for(llama)))
        child.stdin.close()
        child.wait(WAIT_S)


def test_a_child_without_orders_ends() -> None:
    with run_child() as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(WAIT_S) == 0


def test_a_child_outlives_an_interrupt(runner: Runner) -> None:
    os.kill(child_of(runner).pid, signal.SIGINT)
    assert ask(runner, PROMPTS[0], num_predict=1).text


def test_tokenizing_is_answered_while_others_generate(runner: Runner) -> None:
    busy = start(runner, PROMPTS[0], num_predict=-1, sampling=ENDLESS)
    reply = runner.call(lambda request_id: messages.Tokenize(id=request_id, text="<|im_end|>"), WAIT_S)
    assert reply == Tokens(ids=(2,))
    busy.close()


def test_an_answer_that_does_not_come_in_time_is_an_error(llama: Path) -> None:
    stopped = start_child()
    stopped.load(spec_for(llama), WAIT_S)
    suspend(stopped)
    with pytest.raises(EngineFailed, match="in time"):
        stopped.call(lambda request_id: messages.Tokenize(id=request_id, text="x"), 0.05)
    assert not stopped._outboxes
    os.kill(child_of(stopped).pid, signal.SIGCONT)
    stopped.close()


def test_what_comes_after_the_end_is_a_failure(llama: Path) -> None:
    with inline(llama) as ended:
        pass
    reply = start(ended, "x").next(WAIT_S)
    assert isinstance(reply, Failed)
    assert reply.message.startswith(STOPPED)
