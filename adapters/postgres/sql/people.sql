-- name: password_of
SELECT password FROM credentials WHERE user_id = %(user_id)s;

-- name: set_password
INSERT INTO credentials (user_id, password) VALUES (%(user_id)s, %(password)s)
ON CONFLICT (user_id) DO UPDATE SET password = excluded.password;

-- name: replace_password
UPDATE credentials SET password = %(new)s WHERE user_id = %(user_id)s AND password = %(old)s
RETURNING user_id;

-- name: add_login
INSERT INTO logins (id, token_hash, user_id, opened_at, seen_at, address)
VALUES (%(id)s, %(token_hash)s, %(user_id)s, %(opened_at)s, %(seen_at)s, %(address)s);

-- name: find_login
SELECT id, user_id, opened_at, seen_at, address FROM logins WHERE token_hash = %(token_hash)s;

-- name: touch_login
UPDATE logins SET seen_at = greatest(seen_at, %(at)s) WHERE id = %(id)s;

-- name: remove_login
DELETE FROM logins WHERE id = %(id)s RETURNING id;

-- name: remove_logins_of
DELETE FROM logins
 WHERE user_id = %(user_id)s AND id IS DISTINCT FROM %(but)s::text
RETURNING id;

-- name: prune_logins
DELETE FROM logins
 WHERE opened_at < %(opened_before)s OR seen_at < %(seen_before)s
RETURNING id;
