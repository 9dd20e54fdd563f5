-- Files whose content a person here has asked a partner for, and the pieces that have come so far. Only a content that
-- is whole and has the hash that its event states is moved to file_pieces.
create table file_wanted (
    case_id uuid not null,
    digest bytea not null check (octet_length(digest) = 32),
    partner text not null,
    size bigint not null check (size > 0),
    next integer not null default 0,                     -- the piece to ask for
    asked_at timestamptz not null default '-infinity',   -- the machine's clock
    code text,                                           -- why it is not asked for any more
    primary key (case_id, digest)
);
create table file_arriving (
    case_id uuid not null,
    digest bytea not null,
    number integer not null check (number between 0 and 39),
    sealed bytea not null check (octet_length(sealed) <= 524288 + 28),
    primary key (case_id, digest, number),
    foreign key (case_id, digest) references file_wanted on delete cascade
);
alter table file_arriving alter column sealed set storage external;
