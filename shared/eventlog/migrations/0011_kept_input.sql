-- What somebody sent after the session had ended, for the same person to go on with (shared/console/kept.py).
create table kept_input (
    id uuid primary key,
    account text not null references accounts (name) on delete cascade,
    session bytea not null,            -- digest of the session whose secret opens the content; only the browser holds it
    content bytea not null,
    kept_at timestamptz not null default clock_timestamp()
);
