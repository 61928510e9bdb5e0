-- What a founder was told before submitting: that the text is like another idea.
-- The founder's answer stays with the version, for the moderator; that there is a
-- row means that the founder went on. It moves no state and is never changed.
create table idea_likeness (
  tenant_id bigint not null,
  idea_id   uuid not null,
  version   int not null, -- that was submitted with this answer
  other_id  uuid not null, -- the idea that it is like
  degree    text not null check (degree in ('copied', 'close')), -- those that a founder is asked about
  shared    real not null check (shared between 0 and 1), -- what part of the text stood in the other one
  note      text not null default '' check (length(note) <= 500), -- what the founder says is different
  at        timestamptz not null default clock_timestamp(),
  primary key (tenant_id, idea_id, version, other_id),
  foreign key (tenant_id, idea_id, version) references idea_version (tenant_id, idea_id, version),
  foreign key (tenant_id, other_id) references idea (tenant_id, id),
  check (other_id <> idea_id)
);
select protect_tenant_table('idea_likeness', 'select, insert');

-- Serving processes hold sketches and embeddings of a tenant's ideas in memory
-- and ask every few seconds what has changed since they last looked.
create index idea_transition_at on idea_transition (tenant_id, at);
create index idea_score_at on idea_score (tenant_id, created_at);
