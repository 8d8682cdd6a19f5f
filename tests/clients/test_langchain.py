"""LangChain's own integration tests, for each of its clients that people point at omm.

The model that ships has three million parameters. Where a test asks of it what only a larger one can, the mark says so.
"""

from __future__ import annotations

from typing import Any

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests

from tests.live.conftest import MODEL

pytestmark = pytest.mark.model

MAX_TOKENS = 400
PENALTY = 1.3  # without it a model of this size repeats itself for as long as a schema lets it


untrained = pytest.mark.xfail(reason="the model copies no script that it was not trained on", strict=True)
unforced = pytest.mark.xfail(
    reason="this client sends no tool_choice, and the model does not call of its own accord what the test asks for",
    strict=True,
)


class Suite(ChatModelIntegrationTests):
    """What the clients have in common."""

    address: str

    @pytest.fixture(autouse=True)
    def _at(self, url: str) -> None:
        self.address = url

    @property
    def model_override_value(self) -> str:
        return "other"

    @untrained
    def test_unicode_tool_call_integration(self, *args: Any, **kwargs: Any) -> None:
        super().test_unicode_tool_call_integration(*args, **kwargs)


class OpenAI(ChatOpenAI):
    """Asks for one call at a time, as the model likes to call twice where the tests expect one call."""

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Runnable[Any, Any]:
        return super().bind_tools(tools, tool_choice=tool_choice, **{"parallel_tool_calls": False, **kwargs})


class Anthropic(ChatAnthropic):
    """As above."""

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Runnable[Any, Any]:
        return super().bind_tools(tools, tool_choice=tool_choice, **{"parallel_tool_calls": False, **kwargs})


class TestChatOpenAI(Suite):
    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return OpenAI

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {
            "model": MODEL,
            "base_url": f"{self.address}/v1",
            "api_key": "omm",
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "max_retries": 0,
            "reasoning_effort": "none",
            "stream_usage": True,  # off by default at any address but OpenAI's
            "extra_body": {"repeat_penalty": PENALTY},
        }


class TestChatOpenAIResponses(TestChatOpenAI):
    """The same client on /v1/responses."""

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {**super().chat_model_params, "use_responses_api": True}


class TestChatAnthropic(Suite):
    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return Anthropic

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {
            "model": MODEL,
            "base_url": self.address,
            "api_key": "omm",
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "max_retries": 0,
            "model_kwargs": {"extra_body": {"options": {"repeat_penalty": PENALTY}}},
        }

    @property
    def supports_anthropic_inputs(self) -> bool:
        return True


class TestChatOllama(Suite):
    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return ChatOllama

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {
            "model": MODEL,
            "base_url": self.address,
            "temperature": 0,
            "num_predict": MAX_TOKENS,
            "repeat_penalty": PENALTY,
            "reasoning": False,
        }

    @unforced
    def test_tool_choice(self, model: BaseChatModel) -> None:
        super().test_tool_choice(model)
