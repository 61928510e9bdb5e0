-- Tenants, people, sessions, memberships, the audit trail, and the two rules
-- that every later table follows: row security by tenant, and checked states.

-- The public schema is the owner's alone; the other roles may look, not create.
revoke create on schema public from public;
grant usage on schema public to globalbrain_app, globalbrain_jobs, globalbrain_audit;
-- serve refuses to start on a schema that it does not know.
grant select on schema_migrations to globalbrain_app, globalbrain_jobs;

-- protect_tenant_table puts a table under the tenant's row security and grants
-- the application exactly what is said. One function, so that no table can be
-- protected a little differently. The (select ...) makes Postgres work the
-- setting out once per statement and not once per row.
create function protect_tenant_table(t regclass, app_rights text) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::bigint))'
    || ' with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::bigint))', t);
  execute format('grant %s on %s to globalbrain_app', app_rights, t);
  execute format('grant select on %s to globalbrain_audit', t);
end $$;
revoke execute on function protect_tenant_table(regclass, text) from public;

-- The tables of allowed transitions, one row per step of every state machine.
-- The domain packages hold the same tables; a test compares the two.
create table state_rule (
  machine    text not null,
  from_state text not null,
  to_state   text not null,
  primary key (machine, from_state, to_state)
);
grant select on state_rule to globalbrain_app, globalbrain_jobs, globalbrain_audit;

-- check_transition is attached to each table with a state column. A row is born
-- in the machine's first state and only ever takes allowed steps.
create function check_transition() returns trigger
language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> tg_argv[1] then
      raise exception 'a % is born as %, not %', tg_argv[0], tg_argv[1], new.state using errcode = 'GB001';
    end if;
  elsif new.state <> old.state
    and not exists (select from state_rule r where r.machine = tg_argv[0] and r.from_state = old.state and r.to_state = new.state) then
    raise exception 'a % cannot go from % to %', tg_argv[0], old.state, new.state using errcode = 'GB001';
  end if;
  return new;
end $$;

-- Tenants are made by an operator with the owner's role; the application reads them.
create table tenant (
  id         bigint primary key generated always as identity,
  slug       text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,30}[a-z0-9]$'),
  name       jsonb not null check (name ? 'en'),
  tagline    jsonb not null default '{}',
  hue        int not null check (hue between 0 and 359),
  currency   text not null check (currency ~ '^[A-Z]{3}$'),
  locales    text[] not null,
  policy     jsonb not null,
  created_at timestamptz not null default now()
);
grant select on tenant to globalbrain_app, globalbrain_jobs, globalbrain_audit;

-- A person is one account everywhere; what they are in a tenant is a membership.
create table account (
  id                uuid primary key,
  email             text not null check (length(email) between 3 and 254),
  email_key         text not null unique, -- the address folded, so that A@x and a@x are one person
  name              text not null check (length(name) between 1 and 80),
  password_hash     text not null,
  locale            text not null,
  email_verified_at timestamptz,
  created_at        timestamptz not null default now()
);
grant select, insert on account to globalbrain_app;
grant update (name, password_hash, locale, email_verified_at) on account to globalbrain_app;

-- Only a hash of a session's secret is kept: who reads the table cannot sign in.
create table session (
  id          uuid primary key,
  account_id  uuid not null references account (id) on delete cascade,
  secret_hash bytea not null,
  user_agent  text not null default '',
  created_at  timestamptz not null default now(),
  seen_at     timestamptz not null default now(),
  expires_at  timestamptz not null
);
create index session_account on session (account_id); -- list and end a person's sessions
grant select, insert, update, delete on session to globalbrain_app;

create table email_token (
  id          uuid primary key,
  account_id  uuid not null references account (id) on delete cascade,
  purpose     text not null check (purpose in ('verify', 'reset')),
  secret_hash bytea not null,
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null,
  used_at     timestamptz
);
create index email_token_account on email_token (account_id); -- ending older tokens of the same purpose
grant select, insert, update on email_token to globalbrain_app;

-- The outbox: a message is written with the act that causes it and sent by a job.
create table mail_message (
  id         uuid primary key,
  to_address text not null,
  subject    text not null,
  body       text not null,
  created_at timestamptz not null default now(),
  sent_at    timestamptz
);
create index mail_message_newest on mail_message (created_at desc); -- the development mailbox
grant select, insert, update on mail_message to globalbrain_app;

create table membership (
  tenant_id    bigint not null references tenant (id),
  account_id   uuid not null references account (id),
  roles        text[] not null check (roles <@ array['member', 'expert', 'moderator', 'admin', 'owner'] and cardinality(roles) > 0),
  organisation text not null default '' check (length(organisation) <= 120),
  joined_at    timestamptz not null default now(),
  primary key (tenant_id, account_id)
);
select protect_tenant_table('membership', 'select, insert, update');

create table audit_event (
  tenant_id    bigint not null references tenant (id),
  id           uuid not null,
  at           timestamptz not null default clock_timestamp(),
  actor_id     uuid, -- null: the system itself
  action       text not null,
  subject_kind text not null,
  subject_id   uuid,
  detail       jsonb not null default '{}',
  primary key (tenant_id, id)
);
create index audit_event_subject on audit_event (tenant_id, subject_id, at); -- one thing's history
select protect_tenant_table('audit_event', 'select, insert');

-- One row per Idempotency-Key and person; a finished row replays its answer.
create table idempotency_key (
  tenant_id    bigint not null references tenant (id),
  account_id   uuid not null references account (id),
  key          text not null check (length(key) between 1 and 255),
  request_hash bytea not null,
  created_at   timestamptz not null default now(),
  finished_at  timestamptz,
  status       int,
  header       jsonb,
  body         bytea,
  primary key (tenant_id, account_id, key)
);
select protect_tenant_table('idempotency_key', 'select, insert, update, delete');
