"""The settings: defaults, the environment, and what a public address needs."""

import pytest
from lockstep_server import ExposureError, ServerSettings
from lockstep_server.errors import SettingsError
from lockstep_server.settings import read_settings
from pydantic import SecretStr, ValidationError

REDIS = "redis://10.0.0.5"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_PORT", "9000")
    monkeypatch.setenv("LOCKSTEP_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    settings = ServerSettings()
    assert settings.port == 9000
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(ServerSettings(), "port", 1)  # noqa: B010 - a plain assignment is already a type error


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "70000"), ("TOKEN", "short"), ("DRAIN_SECONDS", "0"), ("AGENTS", "a=b")],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LOCKSTEP_{name}", value)
    with pytest.raises(SettingsError, match=f"LOCKSTEP_{name}"):
        read_settings()


def test_a_wrong_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_TOKEN", "secret7")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "secret7" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_alone_needs_nothing(host: str) -> None:
    ServerSettings(host=host).refuse_exposure(None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "example.org", ""])
def test_a_public_address_needs_a_token_and_redis(host: str) -> None:
    with pytest.raises(ExposureError, match=r"LOCKSTEP_TOKEN=.*REDIS_URL="):
        ServerSettings(host=host).refuse_exposure(None)
    with pytest.raises(ExposureError, match=r"LOCKSTEP_TOKEN="):
        ServerSettings(host=host).refuse_exposure(REDIS)
    with pytest.raises(ExposureError, match=r"REDIS_URL="):
        ServerSettings(host=host, token=SecretStr("long-enough")).refuse_exposure(None)
    ServerSettings(host=host, token=SecretStr("long-enough")).refuse_exposure(REDIS)
