-- Who viewed which case, when and why: a second log with its own head and chain, so that reading does not queue
-- behind writing and case histories stay readable.
create table access_head (
    only_row boolean primary key default true check (only_row),
    position bigint not null default 0,
    hash bytea not null default decode(repeat('00', 32), 'hex'),
    viewed_at timestamptz not null default '-infinity'
);
insert into access_head default values;

create table accesses (
    position bigint primary key,
    viewed_at timestamptz not null,
    actor text not null,
    case_id uuid,
    what text not null,
    purpose text not null,
    previous_hash bytea not null,
    hash bytea not null
);
create index accesses_of_case on accesses (case_id, position);
create trigger accesses_are_immutable before update or delete or truncate on accesses
    for each statement execute function refuse_change();

create function record_access(actor_ text, case_ uuid, what_ text, purpose_ text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    start access_head%rowtype;
    now_ timestamptz;
    hash_ bytea;
begin
    select * into start from access_head for update;
    now_ := greatest(start.viewed_at, clock_timestamp());
    hash_ := sha256('\x00'::bytea || record_send(row(
        start.position + 1, (extract(epoch from now_) * 1000000)::bigint, actor_, case_, what_, purpose_, start.hash)));
    insert into accesses values (start.position + 1, now_, actor_, case_, what_, purpose_, start.hash, hash_);
    update access_head set position = start.position + 1, hash = hash_, viewed_at = now_;
    return start.position + 1;
end $$;

-- People who may sign in to this node, and their sessions and tokens.
create table accounts (
    name text primary key check (name ~ '^[a-z][a-z0-9_.-]{1,40}$'),
    role text not null check (role in ('care_manager', 'staff', 'clerk', 'billing', 'administrator', 'auditor')),
    display text not null,
    password_hash text not null,
    failures integer not null default 0,
    locked_until timestamptz
);
create table sessions (
    digest bytea primary key,          -- SHA-256 of the secret that the browser or vendor holds
    account text not null references accounts (name) on delete cascade,
    kind text not null check (kind in ('browser', 'token')),
    csrf text not null,
    created_at timestamptz not null default clock_timestamp(),
    last_used_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null
);
