-- The event log of one node. The owner role runs this; the application role gets rights in 0003.

-- The single head row. Whoever writes takes it first, so positions have no gaps and commits have one order.
create table head (
    only_row boolean primary key default true check (only_row),
    position bigint not null default 0,
    hash bytea not null default decode(repeat('00', 32), 'hex'),
    recorded_at timestamptz not null default '-infinity',
    epoch integer not null default 1,
    training_now timestamptz           -- the node's clock in training mode; null in production
);
insert into head default values;

create table events (
    position bigint primary key,
    stream text not null,
    version bigint not null,
    id uuid not null,
    type text not null,
    schema_version integer not null,
    case_id uuid,
    sender text not null,              -- the agency whose act it is
    occurred_on date not null,         -- when it was done
    recorded_at timestamptz not null,  -- when this node learned of it; never goes back
    actor text not null,
    causation uuid,
    correlation uuid,
    data text not null,                -- exactly the bytes that are hashed
    personal bytea,                    -- disclosures under the person's key
    origin text,                       -- a received event's signed bytes, verbatim
    previous_hash bytea not null,
    hash bytea not null,
    unique (stream, version),
    -- A repeat of a command or message can't make a second event. Ids are each agency's own: nobody can take one that
    -- another agency is going to use.
    unique (id, sender)
);
create index events_of_case on events (case_id, position) where case_id is not null;
create index events_that_open on events (case_id, position) where type = 'CaseOpened';
create index events_of_register on events (position) where (stream = 'agency' or starts_with(stream, 'directory:'));

-- Who shall receive what, in which order: written with the event, never changed. Only functions insert here, after the
-- event itself; a foreign key would lock the event's row and so write it a second time.
create table deliveries (
    partner text not null,
    epoch integer not null,
    sequence bigint not null,
    position bigint not null,
    primary key (partner, epoch, sequence)
);
create index deliveries_of_event on deliveries (position, partner);

-- The first result of every command; a repeat returns it. `position` is that of its last event; they are contiguous.
create table commands (
    id uuid primary key,
    name text not null,
    result jsonb not null,
    position bigint not null
);

create table views (
    name text primary key,
    version text not null,
    position bigint not null,
    rebuilt_at timestamptz not null default clock_timestamp()
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'RK002';
end $$;

create trigger events_are_immutable before update or delete or truncate on events
    for each statement execute function refuse_change();
create trigger commands_are_immutable before update or delete or truncate on commands
    for each statement execute function refuse_change();
create trigger deliveries_are_immutable before update or delete or truncate on deliveries
    for each statement execute function refuse_change();

-- The node's clock: the machine's, or the one a scenario sets in training mode.
create function node_now() returns timestamptz language sql stable as $$
    select coalesce(training_now, clock_timestamp()) from head
$$;
