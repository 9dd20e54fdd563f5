-- The hash of a row covers every column. PostgreSQL's binary form of a row is what is hashed: the number of columns, then
-- for each its type's number, its length (-1 for null) and its bytes, all integers big-endian. Times are microseconds
-- and dates days since 1970-01-01, `personal` stands through its SHA-256. The leading zero byte is the leaf prefix of
-- RFC 9162, so a row's hash is also its leaf in a Merkle tree over the log.

-- Queues for a partner what a directory said before `version_`, as far as it was not queued; returns the last sequence.
create function deliver_directory(
    partner_ text, epoch_ integer, sequence_ bigint, sender_ text, stream_ text, version_ bigint) returns bigint
language plpgsql as $$
declare
    earlier bigint;
begin
    for earlier in
        select e.position from events e
         where e.stream = stream_ and e.version < version_ and e.sender = sender_
           and not exists (select from deliveries d where d.position = e.position and d.partner = partner_)
         order by e.version
    loop
        sequence_ := sequence_ + 1;
        insert into deliveries values (partner_, epoch_, sequence_, earlier);
    end loop;
    return sequence_;
end $$;

-- Writes the rows that `append_events` has gathered, and leaves none.
create function store_rows(inout made events[], inout sent deliveries[]) language plpgsql as $$
begin
    insert into events select * from unnest(made);
    insert into deliveries select * from unnest(sent);
    made := null;
    sent := null;
end $$;

-- Appends a batch in one round trip. `batch` is a list of records (fourteen arrays would cost the client more than all the
-- rest of an append), its `personal` in PostgreSQL's hexadecimal form, its `partners` those who receive the event;
-- `expected` maps streams to versions, `command` is the command that brings the events about, with its result: a repeat
-- finds it. Generic plans, because some statements would be planned anew at every call; and few statements, because to
-- begin one costs as much as to write a row: rows are gathered (`made`, `sent`) until one may have to be looked up.
--
-- A partner receives, before its first event of a case, the event with which its sender opened that case; and an agency
-- that is new in a directory receives the whole directory before its own entry.
create function append_events(batch json, expected json, command json)
returns table (at_position bigint, at_version bigint, at_time timestamptz)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    start head%rowtype;
    each_ record;
    micros bigint;
    previous bytea;
    stream_ text;
    to_ text;
    partner_ text;
    sequence_ bigint;
    introduced text := '';
    earlier bigint;
    known boolean;
    made events[];
    sent deliveries[];
begin
    select * into start from head for update;
    at_time := greatest(start.recorded_at, coalesce(start.training_now, clock_timestamp()));
    micros := (extract(epoch from at_time) * 1000000)::bigint;
    for each_ in
        select key, value, (select coalesce(max(e.version), 0) from events e where e.stream = key) as version
          from json_each_text(expected)
    loop
        stream_ := each_.key;
        at_version := each_.version;
        if at_version <> each_.value::bigint then
            raise exception 'WrongExpectedVersion: % is at %, expected %', stream_, at_version, each_.value
                using errcode = 'RK001';
        end if;
    end loop;
    at_position := start.position;
    for each_ in select * from json_to_recordset(batch) as (
        stream text, id uuid, type text, schema_version integer, case_id uuid, sender text, occurred_on date, actor text,
        causation uuid, correlation uuid, data text, personal bytea, origin text, partners text[])
    loop
        if stream_ is distinct from each_.stream then  -- a batch mostly stays with one stream
            stream_ := each_.stream;
            if made is not null then
                select * into made, sent from store_rows(made, sent);
            end if;
            select coalesce(max(e.version), 0) into at_version from events e where e.stream = stream_;
        end if;
        at_version := at_version + 1;
        at_position := at_position + 1;
        previous := start.hash;
        start.hash := sha256('\x00'::bytea || record_send(row(
            at_position, stream_, at_version, each_.id, each_.type, each_.schema_version, each_.case_id, each_.sender,
            each_.occurred_on - date '1970-01-01', micros, each_.actor, each_.causation, each_.correlation, each_.data,
            sha256(each_.personal), each_.origin, previous)));
        return next;
        foreach to_ in array each_.partners loop
            if partner_ is distinct from to_ then
                partner_ := to_;
                if made is not null then
                    select * into made, sent from store_rows(made, sent);
                end if;
                select coalesce(max(d.sequence), 0) into sequence_
                  from deliveries d where d.partner = partner_ and d.epoch = start.epoch;
            end if;
            if each_.case_id is not null and each_.type <> 'CaseOpened'
               and introduced is distinct from each_.case_id || partner_ then
                introduced := each_.case_id || partner_;
                if made is not null then
                    select * into made, sent from store_rows(made, sent);
                end if;
                select e.position, exists (
                        select from deliveries d where d.position = e.position and d.partner = partner_)
                  into earlier, known from events e
                 where e.case_id = each_.case_id and e.type = 'CaseOpened' and e.sender = each_.sender
                 order by e.position limit 1;
                if not known then
                    sequence_ := sequence_ + 1;
                    insert into deliveries values (partner_, start.epoch, sequence_, earlier);
                end if;
            end if;
            if each_.type = 'AgencyListed' and each_.data::json ->> 'agency' = partner_ then
                if made is not null then
                    select * into made, sent from store_rows(made, sent);
                end if;
                sequence_ := deliver_directory(partner_, start.epoch, sequence_, each_.sender, stream_, at_version);
            end if;
            sequence_ := sequence_ + 1;
            sent := sent || row(partner_, start.epoch, sequence_, at_position)::deliveries;
        end loop;
        made := made || row(at_position, stream_, at_version, each_.id, each_.type, each_.schema_version,
            each_.case_id, each_.sender, each_.occurred_on, at_time, each_.actor, each_.causation, each_.correlation,
            each_.data, each_.personal, each_.origin, previous, start.hash)::events;
    end loop;
    select * into made, sent from store_rows(made, sent);
    update head set position = at_position, hash = start.hash, recorded_at = at_time;
    if command is not null then
        insert into commands (id, name, result, position)
        values ((command ->> 'id')::uuid, command ->> 'name', (command -> 'result')::jsonb, at_position);
    end if;
    if partner_ is not null then
        perform pg_notify('renkei_delivery', '');
    end if;
end $$;

-- Training mode only, forward only; the log's first row says whether this log is one.
create function set_training_clock(moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    current_ timestamptz;
begin
    select training_now into current_ from head for update;
    if current_ is null then
        raise exception 'this log is not in training mode' using errcode = 'RK003';
    end if;
    if moment < current_ then
        raise exception 'the clock only goes forward: it is at %', current_ using errcode = 'RK004';
    end if;
    update head set training_now = moment;
end $$;

-- The first row of a log says whose it is and whether it is for training. Only an empty log can become a training log.
create function open_training_log(moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update head set training_now = moment where position = 0;
    if not found then
        raise exception 'only an empty log can become a training log' using errcode = 'RK003';
    end if;
end $$;

-- After a restore from a backup: a new numbering, so that nothing goes out under a number that was used before.
create function raise_epoch() returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    raised integer;
begin
    update head set epoch = epoch + 1 returning epoch into raised;
    -- What no receipt is known for goes out again under new numbers; a recipient knows events by their id.
    insert into deliveries (partner, epoch, sequence, position)
    select d.partner, raised, row_number() over (partition by d.partner order by d.sequence), d.position
      from deliveries d
     where d.epoch = raised - 1
       and not exists (select from receipted r
                        where (r.partner, r.epoch, r.sequence) = (d.partner, d.epoch, d.sequence));
    perform pg_notify('renkei_delivery', '');
    return raised;
end $$;

-- Every writing transaction begins here, before it touches anything else: one order of locks, so no deadlocks.
create function lock_head() returns table (at_position bigint, at_hash bytea, node_time timestamptz, at_epoch integer, training boolean)
language sql volatile security definer set search_path = public, pg_temp as $$
    select h.position, h.hash, greatest(h.recorded_at, coalesce(h.training_now, clock_timestamp())), h.epoch,
           h.training_now is not null
      from head h for update
$$;
