-- Contents of attached files (添付), in pieces that are sealed under the person's key. They stand in the node's own
-- database, as every other ciphertext does: the database of keys stays small and its backups short-lived, and with the
-- key gone from there no piece can be read here. What a file is, its hash and its size, is told by its event in the log.
create table file_pieces (
    case_id uuid not null,
    digest bytea not null check (octet_length(digest) = 32),            -- SHA-256 of the whole content
    number integer not null check (number between 0 and 39),            -- 20 MiB at most
    sealed bytea not null check (octet_length(sealed) <= 524288 + 28),  -- 512 KiB, nonce and tag
    kept_at timestamptz not null default clock_timestamp(),
    primary key (case_id, digest, number)
);
alter table file_pieces alter column sealed set storage external;  -- ciphertext can't be compressed
