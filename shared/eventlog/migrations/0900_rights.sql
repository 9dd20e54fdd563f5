-- Rights of the application role. It can read the log and append to it through the functions, and nothing else.
-- This file is run again after every other migration; {application} is the application role's name.
revoke all on all tables in schema public from public;
revoke all on all functions in schema public from public;
grant usage on schema public to {application};
grant select on all tables in schema public to {application};
revoke all on all functions in schema public from {application};
grant execute on function append_events(json, json, json), lock_head(), node_now(), raise_epoch(), set_training_clock(timestamptz),
    open_training_log(timestamptz), record_access(text, uuid, text, text),
    record_accesses(text, uuid[], text, text), tell_opening(uuid, text) to {application};
grant insert, update on views, partners, received, receipted, held, waiting, parked, accounts, sessions, kept_input, read_marks,
    file_wanted to {application};
grant insert on file_arriving to {application};
grant insert on sent, file_pieces to {application};
grant delete on views, held, waiting, accounts, sessions, kept_input, read_marks, file_wanted, file_arriving to {application};
revoke update, delete, truncate on sent, file_pieces from {application};
revoke insert, update, delete, truncate on head, events, deliveries, commands, access_head, accesses from {application};
