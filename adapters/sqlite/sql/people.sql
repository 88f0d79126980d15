-- name: password_of
SELECT password FROM credentials WHERE user_id = ?;

-- name: set_password
INSERT INTO credentials (user_id, password) VALUES (?, ?)
ON CONFLICT (user_id) DO UPDATE SET password = excluded.password;

-- name: replace_password
UPDATE credentials SET password = :new WHERE user_id = :user_id AND password = :old;

-- name: add_login
INSERT INTO logins (id, token_hash, user_id, opened_at, seen_at, address)
VALUES (?, ?, ?, ?, ?, ?);

-- name: find_login
SELECT id, user_id, opened_at, seen_at, address FROM logins WHERE token_hash = ?;

-- name: touch_login
UPDATE logins SET seen_at = max(seen_at, :at) WHERE id = :id;

-- name: remove_login
DELETE FROM logins WHERE id = ?;

-- name: remove_logins_of
DELETE FROM logins WHERE user_id = :user_id AND id IS NOT :but RETURNING id;

-- name: prune_logins
DELETE FROM logins WHERE opened_at < :opened_before OR seen_at < :seen_before;
