-- Calls, ideas with their versions, pictures and scores, and screening.

create table call (
  tenant_id  bigint not null references tenant (id),
  id         uuid not null,
  slug       text not null check (slug ~ '^[a-z0-9][a-z0-9-]{1,60}$'),
  title      jsonb not null check (title ? 'en'),
  brief      jsonb not null check (brief ? 'en'),
  opens_at   timestamptz not null default now(),
  closes_at  timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, slug)
);
select protect_tenant_table('call', 'select, insert, update');

-- The row holds what the founder is writing now; idea_version holds what was
-- submitted. Drafts are saved as typed, so a draft may break every rule that
-- submitting checks: only sizes are limited here.
create table idea (
  tenant_id        bigint not null references tenant (id),
  id               uuid not null,
  call_id          uuid not null,
  founder_id       uuid not null,
  state            text not null default 'draft',
  version          int not null default 0, -- the newest submitted version; 0 before the first
  edit             bigint not null default 1, -- grows with every save; two tabs notice each other by it
  title            text not null default '' check (length(title) <= 120),
  problem          text not null default '' check (length(problem) <= 5000),
  solution         text not null default '' check (length(solution) <= 10000),
  team             text not null default '' check (length(team) <= 5000),
  goal_minor       bigint check (goal_minor > 0),
  currency         text not null check (currency ~ '^[A-Z]{3}$'),
  language         text not null default '',
  ai_use           text not null default '' check (ai_use in ('', 'none', 'assisted', 'generated')),
  rights_confirmed boolean not null default false,
  change_cycles    int not null default 0,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  submitted_at     timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, call_id) references call (tenant_id, id),
  foreign key (tenant_id, founder_id) references membership (tenant_id, account_id)
);
create index idea_list on idea (tenant_id, state, submitted_at desc, id desc); -- lists and queues, page by key
create index idea_founder on idea (tenant_id, founder_id, updated_at desc);   -- "my ideas"
create index idea_call on idea (tenant_id, call_id, submitted_at desc, id desc);
select protect_tenant_table('idea', 'select, insert, update');

insert into state_rule (machine, from_state, to_state) values
  ('idea', 'draft', 'submitted'),
  ('idea', 'submitted', 'screening'),
  ('idea', 'screening', 'in_review'),
  ('idea', 'screening', 'changes_requested'),
  ('idea', 'screening', 'rejected'),
  ('idea', 'in_review', 'changes_requested'),
  ('idea', 'in_review', 'rejected'),
  ('idea', 'in_review', 'shortlisted'),
  ('idea', 'changes_requested', 'submitted'),
  ('idea', 'submitted', 'withdrawn'),
  ('idea', 'screening', 'withdrawn'),
  ('idea', 'in_review', 'withdrawn'),
  ('idea', 'changes_requested', 'withdrawn'),
  ('idea', 'shortlisted', 'withdrawn');
create trigger idea_state before insert or update of state on idea
  for each row execute function check_transition('idea', 'draft');

create table idea_version (
  tenant_id  bigint not null,
  idea_id    uuid not null,
  version    int not null check (version > 0),
  title      text not null,
  problem    text not null,
  solution   text not null,
  team       text not null,
  goal_minor bigint not null check (goal_minor > 0),
  currency   text not null,
  language   text not null,
  ai_use     text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, idea_id, version),
  foreign key (tenant_id, idea_id) references idea (tenant_id, id)
);
select protect_tenant_table('idea_version', 'select, insert');

create table idea_transition (
  tenant_id  bigint not null,
  idea_id    uuid not null,
  seq        int not null,
  from_state text not null,
  to_state   text not null,
  actor_id   uuid,
  reason     text not null default '',
  at         timestamptz not null default clock_timestamp(),
  primary key (tenant_id, idea_id, seq),
  foreign key (tenant_id, idea_id) references idea (tenant_id, id)
);
select protect_tenant_table('idea_transition', 'select, insert');

-- Pictures are small (re-encoded, at most 1600 px wide), so they live beside
-- the rest: servers share nothing but the database.
create table idea_image (
  tenant_id  bigint not null,
  id         uuid not null,
  idea_id    uuid not null,
  position   int not null,
  alt        text not null default '' check (length(alt) <= 300),
  media_type text not null check (media_type in ('image/jpeg', 'image/png')),
  width      int not null,
  height     int not null,
  bytes      bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, idea_id) references idea (tenant_id, id)
);
create index idea_image_idea on idea_image (tenant_id, idea_id, position);
select protect_tenant_table('idea_image', 'select, insert, delete, update');

-- What the model said about one version. Nothing here is ever changed: a new
-- model or a new version adds a row.
create table idea_score (
  tenant_id     bigint not null,
  id            uuid not null, -- the run id that receipts name
  idea_id       uuid not null,
  version       int not null,
  model         text not null, -- name and version, as people say it
  model_hash    text not null, -- sha256 of the graph
  language      text not null,
  abstained     boolean not null,
  reason        text not null default '',
  success       float8[] check (success is null or cardinality(success) = 3),       -- probability, low, high
  impact        float8[] check (impact is null or cardinality(impact) = 3),         -- mean, low, high
  feasibility   float8[] check (feasibility is null or cardinality(feasibility) = 3),
  auditability  float8[] check (auditability is null or cardinality(auditability) = 3),
  embedding     real[],
  created_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, idea_id, version, model_hash),
  foreign key (tenant_id, idea_id, version) references idea_version (tenant_id, idea_id, version),
  check (abstained = (success is null))
);
select protect_tenant_table('idea_score', 'select, insert');

-- What a moderator decided, under which rule, in words that the founder sees.
create table screening_decision (
  tenant_id    bigint not null,
  id           uuid not null,
  idea_id      uuid not null,
  version      int not null,
  moderator_id uuid not null,
  decision     text not null check (decision in ('accept', 'request_changes', 'reject')),
  rule         text not null default '',
  note         text not null default '' check (length(note) <= 4000),
  at           timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, idea_id, version) references idea_version (tenant_id, idea_id, version),
  foreign key (tenant_id, moderator_id) references membership (tenant_id, account_id)
);
create index screening_decision_idea on screening_decision (tenant_id, idea_id, at);
select protect_tenant_table('screening_decision', 'select, insert');
