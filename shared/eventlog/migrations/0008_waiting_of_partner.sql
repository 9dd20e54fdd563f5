-- How much of one partner waits: its part is bounded (shared/exchange/waiting.py).
create index waiting_of_partner on waiting (partner, bytes) where sequence is not null;
