"""What settings tell, and what they never do."""

from __future__ import annotations

import pytest

from taskdeck.adapters.postgres.database import conninfo
from taskdeck.domain.errors import ConfigurationError
from taskdeck.entrypoints.settings import describe, load_settings
from taskdeck.entrypoints.variables import without_password

PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://taskdeck@db/taskdeck", "postgresql://taskdeck@db/taskdeck"),
        ("postgresql://u:hunter2@db:5432/x", "postgresql://u:********@db:5432/x"),
        ("postgresql://db/x?user=u&password=hunter2", "postgresql://********"),
        ("postgresql://db/x?PASSWORD=hunter2", "postgresql://********"),
        ("sqlite:////var/lib/taskdeck/taskdeck.db", "sqlite:////var/lib/taskdeck/taskdeck.db"),
    ],
)
def test_urls_are_shown_without_their_password(url: str, shown: str) -> None:
    assert without_password(url) == shown
    rows = {row.name: row.value for row in describe(load_settings({"Z4J_DATABASE_URL": url}))}
    assert rows["Z4J_DATABASE_URL"] == shown


@pytest.mark.parametrize(
    "text",
    [
        "mysql://u:hunter2@db/x",
        "postgresql:/u:hunter2@db/x",
        "u:hunter2@db/x",
        "host=db user=u password=hunter2",
        "host=db user=u PASSWORD=hunter2",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated_with_its_password(text: str) -> None:
    with pytest.raises(ConfigurationError, match="Z4J_DATABASE_URL") as refused:
        load_settings({"Z4J_DATABASE_URL": text})
    assert PASSWORD not in refused.value.message


@pytest.mark.parametrize("text", ["hunter2", "hunter2-hunter2"])
def test_a_secret_that_is_too_short_is_not_repeated(text: str) -> None:
    with pytest.raises(ConfigurationError, match="32 bytes") as refused:
        load_settings({"Z4J_SECRET": text})
    assert PASSWORD not in refused.value.message


@pytest.mark.parametrize("password", ["hunter2%zz", "hun%ter2", "%hunter2"])
def test_a_password_that_is_not_encoded_is_not_repeated(password: str) -> None:
    with pytest.raises(ConfigurationError, match="write % as %25") as refused:
        conninfo(f"postgresql://u:{password}@db/x")
    assert "ter2" not in refused.value.message
