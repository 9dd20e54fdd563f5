-- What the exchange remembers beside the log. Bodies of messages are kept only as the ciphertext that arrived.

-- Each delivery is signed once; these bytes are published again and again until they are receipted.
create table sent (
    partner text not null,
    epoch integer not null,
    sequence bigint not null,
    jws text not null,
    kid text not null,
    digest bytea not null,             -- SHA-256 of the JWS
    signed_at timestamptz not null,    -- by the node's clock
    primary key (partner, epoch, sequence)
);
create trigger sent_is_immutable before update or delete or truncate on sent
    for each statement execute function refuse_change();

create table partners (
    partner text primary key,
    -- outgoing, of the current epoch
    sent_through bigint not null default 0,
    receipted_through bigint not null default 0,
    outgoing_epoch integer not null default 1,
    next_attempt timestamptz not null default '-infinity',
    attempts integer not null default 0,
    problem text,                      -- why the last attempt did not succeed; Japanese
    resends integer not null default 0,  -- how often the partner asked to send again
    -- incoming
    incoming_epoch integer not null default 0,
    received_through bigint not null default 0,
    received_digest bytea,
    last_received_at timestamptz
);

-- Every number a partner used, and what became of it. `stored` has a position; `waiting` and `refused` have a code.
create table received (
    partner text not null,
    epoch integer not null,
    sequence bigint not null,
    digest bytea not null,
    event_id uuid not null,
    status text not null check (status in ('stored', 'waiting', 'refused')),
    code text,
    field text,                        -- the place in the data that the code is about
    position bigint,
    received_at timestamptz not null default clock_timestamp(),
    answered boolean not null default false,  -- whether a receipt for it went out since it last changed
    primary key (partner, epoch, sequence)
);
create index received_of_event on received (event_id);
create index received_unanswered on received (partner, epoch, sequence) where not answered;

-- The partner's answer to each of our deliveries, as its signed receipt gave it (the receipt itself is in the log).
create table receipted (
    partner text not null,
    epoch integer not null,
    sequence bigint not null,
    status text not null check (status in ('stored', 'waiting', 'refused')),
    code text,
    field text,
    partner_position bigint,
    receipted_at timestamptz not null,
    position bigint not null,          -- of the receipt in our log
    primary key (partner, epoch, sequence)
);

-- Messages after a gap: kept until the missing numbers arrive.
create table held (
    partner text not null,
    epoch integer not null,
    sequence bigint not null,
    case_id uuid,                      -- what is held goes when the person is erased; it is sent again
    jwe text not null,
    held_at timestamptz not null default clock_timestamp(),
    primary key (partner, epoch, sequence)
);

-- Messages whose case, sender or key is not known yet.
create table waiting (
    id bigint generated always as identity primary key,
    jws_digest bytea not null unique,
    partner text,                      -- as the message claims, when it is not authenticated yet
    epoch integer,
    sequence bigint,                   -- set when the message is authentic and its number is consumed
    case_id uuid,                      -- as the message claims, when it is not authenticated yet
    reason text not null,              -- unknown_case, unknown_sender, unknown_key
    jwe text not null,
    bytes integer not null generated always as (octet_length(jwe)) stored,
    since timestamptz not null default clock_timestamp()
);
create index waiting_unknown on waiting (bytes) where sequence is null;

-- What a person must look at: refused and forged messages, alarms, reactions that failed.
create table parked (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('message', 'unauthentic', 'alarm', 'reaction')),
    partner text,
    epoch integer,
    sequence bigint,
    body bytea,                        -- as it arrived (ciphertext); null where it may not or need not be kept
    body_digest bytea,                 -- SHA-256, and the size: they stay when the body goes
    body_bytes integer,
    position bigint,                   -- of the received event, for a reaction
    case_id uuid,                      -- as the message claims; its body goes when the person is erased
    code text not null,
    detail text not null default '',   -- Japanese, without personal data
    parked_at timestamptz not null default clock_timestamp(),
    resolved_at timestamptz
);
create index parked_unresolved on parked (kind, code, partner, sequence) where resolved_at is null;
create index parked_unauthentic on parked (body_bytes) where kind = 'unauthentic' and body is not null;
