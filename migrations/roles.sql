-- Run once per cluster by a superuser, before the first migration.
-- Logins and passwords are the operator's: these roles only carry rights.
do $$
declare
  r text;
begin
  foreach r in array array['globalbrain_owner', 'globalbrain_app', 'globalbrain_jobs', 'globalbrain_audit'] loop
    if not exists (select from pg_roles where rolname = r) then
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', r);
    end if;
  end loop;
end $$;
