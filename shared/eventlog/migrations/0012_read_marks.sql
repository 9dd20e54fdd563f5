-- What each person has seen of what arrived (shared/console/arrivals.py): everything up to a position, and of single
-- cases more. A new account begins at the end of the log.
create table read_marks (
    account text not null references accounts (name) on delete cascade,
    case_id uuid not null,             -- all zeros: the mark of everything
    position bigint not null,
    primary key (account, case_id)
);
insert into read_marks select name, '00000000-0000-0000-0000-000000000000', position from accounts, head;
create index events_that_arrived on events (position) where origin is not null;
