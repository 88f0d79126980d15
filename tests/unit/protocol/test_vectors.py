"""Keys, canonical JSON and digests against the vectors of the agents' own code."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from taskdeck.domain.canonical import canonical_json, parse_exact
from taskdeck.domain.signing import Signer, derive_project_key, encode_secret


def test_project_key(key_vector: dict[str, Any]) -> None:
    key = derive_project_key(bytes.fromhex(key_vector["master_hex"]), key_vector["project_id"])

    assert key.hex() == key_vector["key_hex"]
    assert encode_secret(key) == key_vector["key_base64url"]


def test_canonical_form(canonical_vector: dict[str, Any]) -> None:
    written = canonical_json(parse_exact(canonical_vector["input_json"].encode()))

    assert written.hex() == canonical_vector["canonical_hex"]
    assert hashlib.sha256(written).hexdigest() == canonical_vector["sha256"]


def test_what_json_cannot_say_is_refused(unrepresentable_vector: dict[str, Any]) -> None:
    value = parse_exact(unrepresentable_vector["input_json"].encode())

    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        canonical_json(value)


def test_canonical_text_is_utf8_and_nothing_else() -> None:
    text = '{"a":"é"}'

    assert parse_exact(text.encode()) == {"a": "é"}
    for spelling in ("utf-8-sig", "utf-16", "utf-32", "latin-1"):
        with pytest.raises(ValueError, match=r"BOM|decode|Expecting"):
            parse_exact(text.encode(spelling))


def test_purge_token(purge_vector: dict[str, Any]) -> None:
    signer = Signer(bytes.fromhex(purge_vector["key_hex"]))

    assert signer.purge_token(purge_vector["queue"], purge_vector["depth"]) == purge_vector["token"]


def test_schedule_snapshot_digests(vectors: dict[str, Any]) -> None:
    snapshot = vectors["schedule_snapshot"]
    rows = {row["source_key"]: row for row in snapshot["rows"]}

    for digest in snapshot["row_digests"]:
        written = canonical_json(rows[digest["source_key"]])
        assert written.decode() == digest["canonical"]
        assert hashlib.sha256(written).hexdigest() == digest["sha256"]
    body = parse_exact(snapshot["snapshot_body_canonical"].encode())
    assert canonical_json(body).decode() == snapshot["snapshot_body_canonical"]
    assert hashlib.sha256(canonical_json(body)).hexdigest() == snapshot["snapshot_digest"]


def test_schedule_snapshot_frames(vectors: dict[str, Any]) -> None:
    for frame in vectors["schedule_snapshot"]["snapshot_frames"]:
        written = canonical_json(frame["external_snapshot_frame"])
        assert hashlib.sha256(written).hexdigest() == frame["frame_digest"]


def test_a_signer_does_not_show_its_key() -> None:
    signer = Signer(b"a very secret key of 32 bytes...")

    assert "secret" not in f"{signer!r} {signer}"


def test_the_vectors_are_those_we_know(vectors: dict[str, Any]) -> None:
    """So that an empty section cannot pass for a green one."""
    sizes = {name: len(part) for name, part in vectors.items() if isinstance(part, list)}

    assert sizes == {
        "key_derivation": 5,
        "agent_secret_decoding": 9,
        "canonical_json": 54,
        "canonical_json_not_representable": 7,
        "handshake_frames": 3,
        "signed_frames": 23,
        "rejected_frames": 42,
        "purge_tokens": 4,
    }
    assert vectors["format"] == 1
