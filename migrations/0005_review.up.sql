-- Review rounds, assignments, reviews, declared conflicts of interest, the
-- crowd's light support, and the append-only snapshots of every ranking.

create table review_round (
  tenant_id    bigint not null references tenant (id),
  id           uuid not null,
  call_id      uuid not null,
  chair_id     uuid not null,
  state        text not null default 'draft',
  due_at       timestamptz not null,
  created_at   timestamptz not null default clock_timestamp(),
  published_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, call_id) references call (tenant_id, id),
  foreign key (tenant_id, chair_id) references membership (tenant_id, account_id),
  check ((state = 'published') = (published_at is not null))
);
-- A call has one round at a time; the next may open when the last is published.
create unique index review_round_of_call on review_round (tenant_id, call_id) where state <> 'published';
create index review_round_list on review_round (tenant_id, created_at desc, id desc); -- the chair's room
select protect_tenant_table('review_round', 'select, insert');
grant update (state, published_at) on review_round to globalbrain_app;

insert into state_rule (machine, from_state, to_state) values
  ('review_round', 'draft', 'assigning'),
  ('review_round', 'assigning', 'open'),
  ('review_round', 'open', 'discussion'),
  ('review_round', 'discussion', 'decided'),
  ('review_round', 'decided', 'published');
create trigger review_round_state before insert or update of state on review_round
  for each row execute function check_transition('review_round', 'draft');

create table review_round_transition (
  tenant_id  bigint not null,
  round_id   uuid not null,
  seq        int not null,
  from_state text not null,
  to_state   text not null,
  actor_id   uuid, -- null: the system itself
  at         timestamptz not null default clock_timestamp(),
  primary key (tenant_id, round_id, seq),
  foreign key (tenant_id, round_id) references review_round (tenant_id, id)
);
select protect_tenant_table('review_round_transition', 'select, insert');

-- The ideas of a round, each in the version that its reviewers read.
create table review_round_idea (
  tenant_id bigint not null,
  round_id  uuid not null,
  idea_id   uuid not null,
  version   int not null,
  primary key (tenant_id, round_id, idea_id),
  foreign key (tenant_id, round_id) references review_round (tenant_id, id),
  foreign key (tenant_id, idea_id, version) references idea_version (tenant_id, idea_id, version)
);
create index review_round_idea_idea on review_round_idea (tenant_id, idea_id); -- an idea's reviews
select protect_tenant_table('review_round_idea', 'select, insert');

-- The chair's decision on an idea is a row of its own, so that it is written
-- once and never changed.
create table review_decision (
  tenant_id bigint not null,
  round_id  uuid not null,
  idea_id   uuid not null,
  decision  text not null check (decision in ('shortlisted', 'rejected')),
  reason    text not null default '' check (length(reason) <= 4000),
  chair_id  uuid not null,
  at        timestamptz not null default clock_timestamp(),
  primary key (tenant_id, round_id, idea_id),
  foreign key (tenant_id, round_id, idea_id) references review_round_idea (tenant_id, round_id, idea_id),
  foreign key (tenant_id, chair_id) references membership (tenant_id, account_id)
);
select protect_tenant_table('review_decision', 'select, insert');

create table review_assignment (
  tenant_id    bigint not null,
  id           uuid not null,
  round_id     uuid not null,
  idea_id      uuid not null,
  version      int not null,
  reviewer_id  uuid not null,
  organisation text not null, -- the reviewer's when they were chosen: moving house does not change the panel
  state        text not null default 'proposed',
  invited_at   timestamptz,
  due_at       timestamptz not null,
  created_at   timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  -- Nobody is asked twice for the same idea in one round, whatever they answered.
  unique (tenant_id, round_id, idea_id, reviewer_id),
  foreign key (tenant_id, round_id, idea_id) references review_round_idea (tenant_id, round_id, idea_id),
  foreign key (tenant_id, reviewer_id) references membership (tenant_id, account_id),
  check (invited_at is not null or state in ('proposed', 'declined', 'expired', 'conflicted', 'recused', 'replaced'))
);
create index review_assignment_desk on review_assignment (tenant_id, reviewer_id, due_at, id); -- a reviewer's desk, and what they must not see
create index review_assignment_idea on review_assignment (tenant_id, idea_id, state); -- may this person pledge on it?
select protect_tenant_table('review_assignment', 'select, insert');
grant update (state, invited_at) on review_assignment to globalbrain_app;

insert into state_rule (machine, from_state, to_state) values
  ('review_assignment', 'proposed', 'invited'),
  ('review_assignment', 'invited', 'accepted'),
  ('review_assignment', 'accepted', 'in_progress'),
  ('review_assignment', 'in_progress', 'submitted'),
  ('review_assignment', 'submitted', 'final'),
  ('review_assignment', 'proposed', 'declined'),
  ('review_assignment', 'invited', 'declined'),
  ('review_assignment', 'proposed', 'expired'),
  ('review_assignment', 'invited', 'expired'),
  ('review_assignment', 'proposed', 'conflicted'),
  ('review_assignment', 'invited', 'conflicted'),
  ('review_assignment', 'proposed', 'recused'),
  ('review_assignment', 'invited', 'recused'),
  ('review_assignment', 'accepted', 'recused'),
  ('review_assignment', 'in_progress', 'recused'),
  ('review_assignment', 'submitted', 'recused'),
  ('review_assignment', 'recused', 'replaced');
create trigger review_assignment_state before insert or update of state on review_assignment
  for each row execute function check_transition('review_assignment', 'proposed');

create table review_assignment_transition (
  tenant_id     bigint not null,
  assignment_id uuid not null,
  seq           int not null,
  from_state    text not null,
  to_state      text not null,
  actor_id      uuid, -- null: the system itself
  reason        text not null default '' check (length(reason) <= 1000),
  at            timestamptz not null default clock_timestamp(),
  primary key (tenant_id, assignment_id, seq),
  foreign key (tenant_id, assignment_id) references review_assignment (tenant_id, id)
);
select protect_tenant_table('review_assignment_transition', 'select, insert');

-- What a reviewer has typed so far; nobody else reads it.
create table review_draft (
  tenant_id     bigint not null,
  assignment_id uuid not null,
  sheet         jsonb not null,
  saved_at      timestamptz not null default clock_timestamp(),
  primary key (tenant_id, assignment_id),
  foreign key (tenant_id, assignment_id) references review_assignment (tenant_id, id)
);
select protect_tenant_table('review_draft', 'select, insert, update, delete');

-- Final reviews, each array in the rubric's order: impact, feasibility,
-- auditability. The application may add rows and never change one; the trigger
-- holds the schema's owner to the same.
create table review_final (
  tenant_id     bigint not null,
  assignment_id uuid not null,
  round_id      uuid not null,
  idea_id       uuid not null,
  version       int not null,
  reviewer_id   uuid not null,
  organisation  text not null,
  scores        smallint[] not null check (cardinality(scores) = 3 and 1 <= all (scores) and 5 >= all (scores)),
  confidences   smallint[] not null check (cardinality(confidences) = 3 and 1 <= all (confidences) and 5 >= all (confidences)),
  rationales    text[] not null check (cardinality(rationales) = 3 and array_position(rationales, '') is null),
  at            timestamptz not null default clock_timestamp(),
  primary key (tenant_id, assignment_id),
  foreign key (tenant_id, assignment_id) references review_assignment (tenant_id, id),
  foreign key (tenant_id, round_id, idea_id) references review_round_idea (tenant_id, round_id, idea_id),
  foreign key (tenant_id, idea_id, version) references idea_version (tenant_id, idea_id, version)
);
create index review_final_idea on review_final (tenant_id, idea_id, at);
select protect_tenant_table('review_final', 'select, insert');
create function keep_review_final() returns trigger
language plpgsql as $$
begin
  raise exception 'a final review cannot be changed' using errcode = 'GB001';
end $$;
create trigger review_final_fixed before update or delete on review_final
  for each row execute function keep_review_final();

-- Conflicts of interest that people declared. Founding, sharing the founder's
-- organisation and having pledged are read from their own tables.
create table conflict_of_interest (
  tenant_id  bigint not null,
  idea_id    uuid not null,
  account_id uuid not null,
  note       text not null default '' check (length(note) <= 1000),
  at         timestamptz not null default clock_timestamp(),
  primary key (tenant_id, idea_id, account_id),
  foreign key (tenant_id, idea_id) references idea (tenant_id, id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id)
);
select protect_tenant_table('conflict_of_interest', 'select, insert');

-- Support costs nothing and is one per person and idea: the crowd's signal.
create table idea_support (
  tenant_id  bigint not null,
  idea_id    uuid not null,
  account_id uuid not null,
  at         timestamptz not null default clock_timestamp(),
  primary key (tenant_id, idea_id, account_id),
  foreign key (tenant_id, idea_id) references idea (tenant_id, id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id)
);
select protect_tenant_table('idea_support', 'select, insert, delete');

-- A ranking as it stood. The inputs rebuild the order; nothing is ever changed.
create table ranking_snapshot (
  tenant_id  bigint not null,
  id         uuid not null,
  call_id    uuid not null,
  seed       bigint not null,
  model      text not null default '', -- name and version; empty when the model said nothing
  model_hash text not null default '',
  inputs     jsonb not null, -- weights, and each idea's score run, ratings and support
  agreement  jsonb not null,
  ideas      int not null,
  at         timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, call_id) references call (tenant_id, id)
);
create index ranking_snapshot_newest on ranking_snapshot (tenant_id, call_id, id desc); -- ids sort by time
select protect_tenant_table('ranking_snapshot', 'select, insert');

create table ranking_receipt (
  tenant_id   bigint not null,
  snapshot_id uuid not null,
  idea_id     uuid not null,
  rank        int not null check (rank > 0),
  detail      jsonb not null, -- the receipt as ranking.Receipt says it
  primary key (tenant_id, snapshot_id, idea_id),
  unique (tenant_id, snapshot_id, rank),
  foreign key (tenant_id, snapshot_id) references ranking_snapshot (tenant_id, id),
  foreign key (tenant_id, idea_id) references idea (tenant_id, id)
);
create index ranking_receipt_idea on ranking_receipt (tenant_id, idea_id, snapshot_id desc); -- an idea's newest receipt
select protect_tenant_table('ranking_receipt', 'select, insert');
