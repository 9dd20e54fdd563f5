-- A party of a case asks that another be told of the event that opened it (shared/exchange/openings.py).
create index receipted_waiting on receipted (partner, epoch, sequence) where status = 'waiting';

-- Delivers the event with which this log's agency opened the case, unless the partner was or will be sent it already;
-- true when it was new. A case that another agency opened is told by that one alone.
create function tell_opening(case_ uuid, partner_ text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    epoch_ integer;
    opening bigint;
    opener text;
begin
    select epoch into epoch_ from head for update;
    select e.position, e.sender into opening, opener from events e
     where e.case_id = case_ and e.type = 'CaseOpened' and e.origin is null order by e.position limit 1;
    if opening is null or opener = partner_
       or exists (select from deliveries d where d.position = opening and d.partner = partner_) then
        return false;
    end if;
    insert into deliveries
    select partner_, epoch_, coalesce(max(d.sequence), 0) + 1, opening
      from deliveries d where d.partner = partner_ and d.epoch = epoch_;
    perform pg_notify('renkei_delivery', '');
    return true;
end $$;
