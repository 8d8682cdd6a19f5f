"""LoRA adapters from a Modelfile to the answers: real command line, real server, the model that ships."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.ggufs import write_adapter
from tests.live.conftest import MODEL, Http

pytestmark = pytest.mark.model

GREEDY = {"temperature": 0, "max_new_tokens": 24, "seed": 1}
QUESTIONS = ("What is a cat?", "How do I list my models?", "What is omm?", "My name is Ada.")
CHOICES: list[Any] = [
    None,
    [],
    [{"name": "pirate"}],
    [{"name": "pirate", "scale": 0.5}],
    [{"name": "poet", "scale": 1.5}],
    [{"name": "pirate", "scale": 0.5}, {"name": "poet", "scale": 0.5}],
]


def omm(url: str, *args: str) -> str:
    """Run a command to its good end."""
    command = [sys.executable, "-m", "omm", "--host", url, *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.fixture(scope="module")
def adapted(url: str, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A model of tiny with two adapters, made by `omm create`."""
    folder = tmp_path_factory.mktemp("adapters")
    weights = repository / "omm" / "embedded" / f"{MODEL}.gguf"
    for seed, name in enumerate(("pirate", "poet")):
        write_adapter(folder / f"{name}.gguf", weights, name=name, base="Tiny", seed=seed, size=0.3)
    (folder / "Modelfile").write_text(f"FROM {MODEL}\nADAPTER pirate.gguf 0.75\nADAPTER poet.gguf 0\n")
    omm(url, "create", "adapted", "-f", str(folder / "Modelfile"))
    yield "adapted"
    omm(url, "rm", "adapted")


def ask(http: Http, lora: Any, model: str = "adapted") -> tuple[str, ...]:
    """Answers to all questions: adapters of random numbers may well have the same to say to one."""

    def answer(question: str) -> str:
        body = {"prompt": question, "runtime": {"model_reference": model}, "generation": {**GREEDY, "lora": lora}}
        reply = http.post("/v1/prompt", json=body)
        reply.raise_for_status()
        return str(reply.json()["text"])

    return tuple(map(answer, QUESTIONS))


def test_adapters_apply_as_the_modelfile_or_the_request_says(http: Http, adapted: str) -> None:
    answers = [ask(http, lora) for lora in CHOICES]
    assert answers[0] == ask(http, [{"name": "pirate", "scale": 0.75}])
    assert answers[1] == ask(http, None, MODEL)
    assert len(set(answers)) == len(CHOICES)
    chat = {"model": adapted, "messages": [{"role": "system", "content": "You are a helpful assistant."}]}
    chat["messages"] += [{"role": "user", "content": QUESTIONS[0]}]
    options = {"temperature": 0, "num_predict": 24, "seed": 1}
    told = http.post("/api/chat", json={**chat, "lora": CHOICES[3], "options": options, "stream": False}).json()
    assert told["message"]["content"] == answers[3][0]


def test_embeddings_have_the_adapters_of_the_model(http: Http, adapted: str) -> None:
    bodies = [{"model": model, "input": QUESTIONS[0]} for model in (MODEL, adapted, adapted)]
    plain, first, again = [http.post("/api/embed", json=body).json()["embeddings"] for body in bodies]
    assert first == again != plain


def test_requests_at_once_have_each_their_own(http: Http, adapted: str) -> None:
    alone = [ask(http, lora) for lora in CHOICES]
    with ThreadPoolExecutor(12) as threads:
        together = list(threads.map(lambda lora: ask(http, lora), CHOICES * 2))
    assert together == alone * 2
    http.post("/api/generate", json={"model": adapted, "keep_alive": 0}).raise_for_status()
    assert adapted not in [row["name"].partition(":")[0] for row in http.get("/api/ps").json()["models"]]
    assert [ask(http, lora) for lora in CHOICES] == alone


def test_show_tells_them_and_its_modelfile_makes_them_again(url: str, http: Http, adapted: str, tmp_path: Path) -> None:
    lines = omm(url, "show", adapted).splitlines()
    start = lines.index("  Adapters")
    assert lines[start + 1 : start + 3] == [
        "    pirate    scale 0.75    for Tiny",
        "    poet      scale 0       for Tiny",
    ]
    (tmp_path / "Modelfile").write_text(omm(url, "show", "--modelfile", adapted))
    omm(url, "create", "again", "-f", str(tmp_path / "Modelfile"))
    layers = [http.post("/api/show", json={"model": name}).json()["adapters"] for name in (adapted, "again")]
    assert layers[0] == layers[1]


def test_what_is_wrong_is_said(url: str, http: Http, adapted: str) -> None:
    body = {"prompt": "Hi", "runtime": {"model_reference": adapted}, "generation": {"lora": [{"name": "sailor"}]}}
    refused = http.post("/v1/prompt", json=body)
    assert refused.status_code == 400
    assert refused.json() == {"detail": 'lora: model "adapted:latest" has no adapter "sailor", only pirate, poet'}
    refused = http.post("/api/generate", json={"model": MODEL, "prompt": "Hi", "lora": [{"name": "pirate"}]})
    assert (refused.status_code, refused.json()) == (400, {"error": 'model "tiny:latest" has no adapters'})
