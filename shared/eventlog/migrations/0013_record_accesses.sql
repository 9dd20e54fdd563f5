-- A list of persons is seen as a whole: one row under each of them at one moment, chained as record_access chains it.
-- The head is read and written once; a call for each row would leave as many dead heads and take their square in time.
create function record_accesses(actor_ text, cases_ uuid[], what_ text, purpose_ text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    head access_head%rowtype;
    now_ timestamptz;
    case_ uuid;
    hash_ bytea;
begin
    select * into head from access_head for update;
    now_ := greatest(head.viewed_at, clock_timestamp());
    foreach case_ in array cases_ loop
        head.position := head.position + 1;
        hash_ := sha256('\x00'::bytea || record_send(row(
            head.position, (extract(epoch from now_) * 1000000)::bigint, actor_, case_, what_, purpose_, head.hash)));
        insert into accesses values (head.position, now_, actor_, case_, what_, purpose_, head.hash, hash_);
        head.hash := hash_;
    end loop;
    update access_head set position = head.position, hash = head.hash, viewed_at = now_;
    return head.position;
end $$;
