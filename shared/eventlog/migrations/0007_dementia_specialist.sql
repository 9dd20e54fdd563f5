-- 認知症専門員 of a centre may consult, explain, advise and do the checklist, and nothing else (A-Q5).
alter table accounts drop constraint accounts_role_check;
alter table accounts add constraint accounts_role_check check (
    role in ('care_manager', 'staff', 'dementia_specialist', 'clerk', 'billing', 'administrator', 'auditor')
);
