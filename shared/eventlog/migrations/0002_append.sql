-- The hash of a row covers every column. PostgreSQL's binary form of a row is what is hashed: the number of columns, then
-- for each its type's number, its length (-1 for null) and its bytes, all integers big-endian. Times are microseconds
-- and dates days since 1970-01-01, `personal` stands through its SHA-256. The leading zero byte is the leaf prefix of
-- RFC 9162, so a row's hash is also its leaf in a Merkle tree over the log.

-- Appends a batch in one round trip. `addressed` counts the batch's events from 1; `partners` names who receives each.
-- Loops remember the last stream, case and partner, because a batch mostly stays with one of each.
create function append_events(
    expected_streams text[], expected_versions bigint[],
    streams text[], ids uuid[], types text[], schema_versions integer[], case_ids uuid[], senders text[],
    days date[], actors text[], causations uuid[], correlations uuid[], datas text[], personals bytea[], origins text[],
    partners text[], addressed integer[]
) returns table (at_position bigint, at_version bigint, at_time timestamptz)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    start head%rowtype;
    micros bigint;
    previous bytea;
    stream_ text;
begin
    select * into start from head for update;
    at_time := greatest(start.recorded_at, coalesce(start.training_now, clock_timestamp()));
    micros := (extract(epoch from at_time) * 1000000)::bigint;
    for i in 1 .. cardinality(expected_streams) loop
        select coalesce(max(e.version), 0) into at_version from events e where e.stream = expected_streams[i];
        if at_version <> expected_versions[i] then
            raise exception 'WrongExpectedVersion: % is at %, expected %', expected_streams[i], at_version, expected_versions[i]
                using errcode = 'RK001';
        end if;
        stream_ := expected_streams[i];
    end loop;
    at_position := start.position;
    for i in 1 .. cardinality(streams) loop
        if stream_ is distinct from streams[i] then
            stream_ := streams[i];
            select coalesce(max(e.version), 0) into at_version from events e where e.stream = stream_;
        end if;
        at_version := at_version + 1;
        at_position := at_position + 1;
        previous := start.hash;
        start.hash := sha256('\x00'::bytea || record_send(row(
            at_position, stream_, at_version, ids[i], types[i], schema_versions[i], case_ids[i], senders[i],
            days[i] - date '1970-01-01', micros, actors[i], causations[i], correlations[i], datas[i],
            sha256(personals[i]), origins[i], previous)));
        insert into events values (at_position, stream_, at_version, ids[i], types[i], schema_versions[i], case_ids[i],
            senders[i], days[i], at_time, actors[i], causations[i], correlations[i], datas[i], personals[i], origins[i],
            previous, start.hash);
        return next;
    end loop;
    update head set position = at_position, hash = start.hash, recorded_at = at_time;
    if cardinality(partners) > 0 then
        perform deliver_events(start.position, start.epoch, partners, addressed);
    end if;
end $$;

-- Queues events for partners. A partner receives, before its first event of a case, the event with which we opened that
-- case; and an agency that is new in a directory receives the whole directory before its own entry.
create function deliver_events(before bigint, epoch_ integer, partners text[], addressed integer[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    event events%rowtype;
    partner_ text;
    introduced text := '';
    sequence_ bigint;
    earlier bigint;
begin
    for i in 1 .. cardinality(partners) loop
        if partner_ is distinct from partners[i] then
            partner_ := partners[i];
            select coalesce(max(d.sequence), 0) into sequence_ from deliveries d where d.partner = partner_ and d.epoch = epoch_;
        end if;
        select * into event from events e where e.position = before + addressed[i];
        if introduced is distinct from event.case_id || partner_ or event.type = 'AgencyListed' then
            introduced := event.case_id || partner_;
            for earlier in
                select e.position from events e
                 where e.case_id = event.case_id and e.type = 'CaseOpened' and e.sender = event.sender
                   and not exists (select from deliveries d where d.position = e.position and d.partner = partner_)
                union
                select e.position from events e
                 where event.type = 'AgencyListed' and event.data::json ->> 'agency' = partner_
                   and e.stream = event.stream and e.version < event.version and e.sender = event.sender
                   and not exists (select from deliveries d where d.position = e.position and d.partner = partner_)
                order by 1
            loop
                sequence_ := sequence_ + 1;
                insert into deliveries values (partner_, epoch_, sequence_, earlier);
            end loop;
        end if;
        if event.type <> 'CaseOpened'
           or not exists (select from deliveries d where d.position = event.position and d.partner = partner_) then
            sequence_ := sequence_ + 1;
            insert into deliveries values (partner_, epoch_, sequence_, event.position);
        end if;
    end loop;
    perform pg_notify('renkei_delivery', '');
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
    update head set training_now = moment where position = 0 and training_now is null;
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
