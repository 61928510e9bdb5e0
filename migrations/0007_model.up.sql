-- Which model serves whom, and whose opinions count. Model folders lie on disk;
-- here is only their name, what people call them and the sha256 of their
-- manifest, so that a folder that changed since it was promoted is noticed.

-- The platform's model, for every tenant that chose none. Steps are only ever
-- added, by an operator with the owner's role; the one with the highest number
-- counts. An empty model is the one that each program was started with.
create table model_default (
  seq         int primary key check (seq > 0),
  act         text not null check (act in ('promote', 'rollback')),
  model       text not null default '' check (length(model) <= 120), -- the folder's name
  model_title text not null default '',
  model_hash  text not null default '',
  operator    text not null check (operator <> ''),
  reason      text not null check (length(reason) between 1 and 500),
  at          timestamptz not null default clock_timestamp(),
  check ((model = '') = (model_hash = ''))
);
grant select on model_default to globalbrain_app, globalbrain_audit;

-- A tenant's own choice, in the same form. The number is part of the key, so of
-- two people who promote at one moment the second is refused. An empty model is
-- the platform's.
create table model_promotion (
  tenant_id   bigint not null references tenant (id),
  seq         int not null check (seq > 0),
  act         text not null check (act in ('promote', 'rollback')),
  model       text not null default '' check (length(model) <= 120),
  model_title text not null default '',
  model_hash  text not null default '',
  actor_id    uuid, -- null: an operator, who has a name and no account
  operator    text not null default '',
  reason      text not null check (length(reason) between 1 and 500),
  at          timestamptz not null default clock_timestamp(),
  primary key (tenant_id, seq),
  foreign key (tenant_id, actor_id) references membership (tenant_id, account_id),
  check ((actor_id is null) = (operator <> '')),
  check ((model = '') = (model_hash = ''))
);
select protect_tenant_table('model_promotion', 'select, insert');

-- The one model whose scores pages and rankings show. It changes when the model
-- that was chosen has scored every idea, so no ranking ever mixes the opinions
-- of two models; its row is also the lock under which both are changed.
create table model_in_force (
  tenant_id  bigint primary key references tenant (id),
  model      text not null, -- name and version, as people say it
  model_hash text not null,
  since      timestamptz not null default clock_timestamp()
);
select protect_tenant_table('model_in_force', 'select, insert, update');

-- Until now the newest score counted. Row security holds the owner as well,
-- hence one tenant after the other.
do $$
declare
  t bigint;
begin
  for t in select id from tenant loop
    perform set_config('app.tenant_id', t::text, true);
    insert into model_in_force (tenant_id, model, model_hash)
      select tenant_id, model, model_hash from idea_score where tenant_id = t order by created_at desc, id desc limit 1;
  end loop;
  perform set_config('app.tenant_id', '', true);
end $$;

-- Finding what a model has not scored yet, and counting it.
create index idea_score_model on idea_score (tenant_id, model_hash, idea_id, version);
