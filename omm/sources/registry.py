"""Registries that speak the OCI distribution protocol as Ollama's does: `[host/][namespace/]model[:tag]`.

`Registry` is one repository at one registry, and what pulling and pushing share: its address and its token.
Source: OCI distribution specification; Docker registry token authentication.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Generator, Mapping
from urllib.parse import urljoin, urlsplit

import msgspec
import requests

from omm.config import Settings
from omm.errors import NOT_JSON, DigestMismatch, Forbidden, NotFound, OmmError, SourceUnavailable, Unsupported
from omm.names import DEFAULT_HOST, ModelName
from omm.sources import http
from omm.sources.base import Resolved, SourceFile
from omm.sources.download import Downloads
from omm.store import manifests
from omm.store.blobs import BlobStore
from omm.store.manifests import MEDIA_TYPE, Manifest

OCI_MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json"

_CHALLENGE = re.compile(r'([a-zA-Z_]+)="([^"]*)"')


class _Token(msgspec.Struct, frozen=True):
    token: str = ""
    access_token: str = ""


class Registry:
    """One repository: sends requests to it and keeps the token that it hands out.

    `logins` has `user:password` by host, for registries that want to know who asks. `actions` is what tokens are asked
    for: `pull`, or `pull,push`. Use as a context manager, from one thread at a time.
    """

    def __init__(self, url: str, logins: Mapping[str, str] | None = None, *, actions: str = "pull") -> None:
        self.url = url
        self._login = (logins or {}).get(http.host_of(url).lower(), "")
        self._actions = actions
        self._session = http.open_session()
        self._authorization = ""

    @property
    def headers(self) -> dict[str, str]:
        """What shows who asks; for the registry's own origin only."""
        return {"Authorization": self._authorization} if self._authorization else {}

    def ask(
        self, method: str, where: str, *, headers: Mapping[str, str] | None = None, content: http.Body | None = None
    ) -> requests.Response:
        """Send one request; `where` is relative to the repository, or a URL. The caller closes the response.

        A 401 is answered with a token once. GET and HEAD follow redirects, others return them. Credentials go to the
        registry's own origin only.

        Raises:
            SourceUnavailable: no answer, or access is denied.
        """
        url = urljoin(self.url + "/", where)
        try:
            response = self._send(method, url, headers or {}, content)
            if response.status_code == 401 and http.origin(url) == http.origin(self.url):
                self.authorise(response)
                response = self._send(method, url, headers or {}, content)
        except requests.RequestException as exc:
            raise SourceUnavailable(f"cannot reach {http.host_of(url)}: {http.reason_of(exc)}") from exc
        if response.status_code == 401:
            response.close()
            raise self._denied()
        return response

    def renewed(self, response: requests.Response) -> Mapping[str, str]:
        """New headers for who was answered with a 401."""
        self.authorise(response)
        return self.headers

    def authorise(self, response: requests.Response) -> None:
        """Do what a 401 asks for, and close it.

        Raises:
            SourceUnavailable: the registry sends elsewhere for tokens, or gives none.
        """
        response.close()
        scheme, _, rest = response.headers.get("WWW-Authenticate", "").partition(" ")
        if scheme.lower() == "basic" and self._login and not self._authorization:
            self._authorization = self._basic()
        elif scheme.lower() == "bearer":
            self._authorization = f"Bearer {self._token(dict(_CHALLENGE.findall(rest)))}"
        else:
            raise self._denied()

    def _token(self, challenge: Mapping[str, str]) -> str:
        realm = challenge.get("realm", "")
        try:
            is_own = http.origin(realm) == http.origin(self.url)
        except ValueError as exc:  # such as half of an IPv6 address
            raise self._denied() from exc
        # NOTE: whoever gets this request may get the password too, so nobody but the registry itself may.
        if not is_own:
            raise SourceUnavailable(
                f'realm host "{http.host_of(realm)}" does not match original host "{http.host_of(self.url)}"'
            )
        scope = f"repository:{urlsplit(self.url).path.removeprefix('/v2/')}:{self._actions}"
        response = self._session.get(
            realm,
            params={"service": challenge.get("service", ""), "scope": scope},
            headers={"Authorization": self._basic()} if self._login else {},
            stream=True,
            allow_redirects=False,
            timeout=http.TIMEOUT_S,
        )
        if response.status_code != 200:
            response.close()
            raise self._denied()
        try:
            reply = msgspec.json.decode(http.read_limited(response), type=_Token)
        except NOT_JSON as exc:
            raise SourceUnavailable(f"{http.host_of(self.url)} sent no token that can be read") from exc
        token = reply.token or reply.access_token
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            raise SourceUnavailable(f"{http.host_of(self.url)} sent no token that can be read")
        return token

    def _send(self, method: str, url: str, headers: Mapping[str, str], content: http.Body | None) -> requests.Response:
        own = self.headers if http.origin(url) == http.origin(self.url) else {}
        if method in ("GET", "HEAD"):
            return http.get(self._session, url, {**headers, **own}, method=method)
        return self._session.request(
            method,
            url,
            headers={**headers, **own},
            data=content,
            stream=True,
            allow_redirects=False,
            timeout=http.TIMEOUT_S,
        )

    def _basic(self) -> str:
        return f"Basic {base64.b64encode(self._login.encode()).decode()}"

    def _denied(self) -> SourceUnavailable:
        host = http.host_of(self.url)
        hint = "" if self._login else f"; if you have an account there, set OMM_REGISTRY_LOGINS to {host}=user:password"
        return SourceUnavailable(f"{host}: unauthorized: access denied{hint}")

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *exc: object) -> None:
        self._session.close()


def logins(settings: Settings) -> dict[str, str]:
    """`user:password` by host."""
    return {host.lower(): login for host, _, login in (text.partition("=") for text in settings.registry_logins)}


def url_of(name: ModelName) -> str:
    """Where a model's repository is."""
    return f"{name.scheme}://{name.host}/v2/{name.namespace}/{name.model}"


class Registries:
    """All models that other hosts' names stand for, and those of Ollama's registry."""

    def __init__(
        self,
        downloads: Downloads,
        logins: Mapping[str, str] | None = None,
        default: str = f"https://{DEFAULT_HOST}",
        nearest: Callable[[ModelName], list[str]] = lambda name: [],
    ) -> None:
        self._downloads, self._logins, self._default, self._nearest = downloads, logins, default, nearest

    def matches(self, name: ModelName) -> bool:
        """Whether the host is a registry; every host is but Hugging Face, and no address of a single file is one."""
        return not name.is_huggingface and not name.url

    def resolve(self, name: ModelName) -> Resolved:
        """Ask for the manifest; the layers keep their texts."""
        url = self._url(name)
        try:
            with Registry(url, self._logins) as registry:
                content = _manifest(registry, name)
        except (NotFound, SourceUnavailable) as exc:
            if not name.has_default_host:
                raise
            raise NotFound(f"{exc.message}; {self._advice(name)}", param="model") from exc
        try:
            manifest = manifests.decode(content)
        except OmmError as exc:
            raise SourceUnavailable(f"{name.host} sent no manifest that can be read: {exc.message}") from exc
        _check_format(manifest, name)
        blobs = {layer.digest: layer for layer in (*(manifest.layers or ()), manifest.config)}
        files = [
            SourceFile(kind=layer.kind, digest=digest, size=layer.size, location=f"{url}/blobs/{digest}")
            for digest, layer in blobs.items()
        ]
        return Resolved(files=tuple(files), manifest=content)

    def _advice(self, name: ModelName) -> str:
        """What to do about a name that neither the catalogue nor the default registry knows, or can tell of."""
        near = self._nearest(name)
        return f"did you mean {', '.join(near)}?" if near else f"omm search {name.model} looks for others"

    def _url(self, name: ModelName) -> str:
        # The default registry may be another machine's copy of it, and then only the address changes.
        return f"{self._default}/v2/{name.namespace}/{name.model}" if name.has_default_host else url_of(name)

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Generator[int, None, str]:
        """Download; resumes where an earlier attempt stopped."""
        with Registry(file.location.rpartition("/blobs/")[0], self._logins) as registry:
            return (yield from self._downloads.fetch(file, blobs, registry.headers, registry.renewed))


def _manifest(registry: Registry, name: ModelName) -> bytes:
    """The manifest's exact bytes, whose digest is the model's."""
    accepted = {"Accept": f"{MEDIA_TYPE}, {OCI_MEDIA_TYPE}"}
    with registry.ask("GET", f"manifests/{name.tag}", headers=accepted) as response:
        if response.status_code == 404:
            raise NotFound(f"{name.host} has no model '{name.display}'", param="model")
        if response.status_code != 200:
            raise SourceUnavailable(f"{name.host} answered HTTP {response.status_code} for {name.display}")
        content = http.read_limited(response)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    # A header that says otherwise tells of a broken proxy between us.
    if (told := response.headers.get("Docker-Content-Digest", digest)) != digest:
        raise DigestMismatch(f"digest mismatch, manifest of {name.display}: want {told}, got {digest}")
    return content


def _check_format(manifest: Manifest, name: ModelName) -> None:
    kinds = {layer.kind for layer in manifest.layers or ()}
    if "model" in kinds:
        return
    if "tensor" in kinds:
        raise Unsupported(f"model '{name.display}' is in safetensors format; omm runs GGUF models")
    if not kinds:
        raise Forbidden(f"model '{name.display}' runs elsewhere; omm runs models on this machine only")
    raise Unsupported(f"'{name.display}' is no model: it has layers of the kinds {', '.join(sorted(kinds))}")
