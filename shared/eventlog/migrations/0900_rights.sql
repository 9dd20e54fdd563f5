-- Rights of the application role. It can read the log and append to it through the functions, and nothing else.
-- This file is run again after every other migration; {application} is the application role's name.
revoke all on all tables in schema public from public;
revoke all on all functions in schema public from public;
grant usage on schema public to {application};
grant select on all tables in schema public to {application};
grant execute on all functions in schema public to {application};
grant insert, update on commands, views, partners, received, receipted, held, waiting, parked, accounts, sessions to {application};
grant insert on sent to {application};
grant delete on views, held, waiting, accounts, sessions to {application};
revoke insert, update, delete, truncate on head, events, deliveries, access_head, accesses from {application};
