-- An account that is removed keeps its name for ever: what was recorded and viewed under it stays that person's.
alter table accounts add column removed_at timestamptz;
-- The password was issued by somebody else, who knows it: its person chooses another before anything else.
alter table accounts add column must_change boolean not null default false;
