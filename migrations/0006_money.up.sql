-- Campaigns, rewards, pledges, charges and refunds, the gateway's events, and
-- the double-entry ledger.

create table campaign (
  tenant_id        bigint not null references tenant (id),
  id               uuid not null,
  idea_id          uuid not null,
  founder_id       uuid not null,
  state            text not null default 'draft',
  mode             text not null default 'all_or_nothing' check (mode in ('all_or_nothing')),
  goal_minor       bigint not null check (goal_minor > 0),
  currency         text not null check (currency ~ '^[A-Z]{3}$'),
  duration_seconds bigint not null check (duration_seconds > 0),
  edit             bigint not null default 1, -- grows with every save of the draft; two tabs notice each other by it
  created_at       timestamptz not null default clock_timestamp(),
  launched_at      timestamptz,
  deadline         timestamptz,
  closed_at        timestamptz,
  pledged_minor    bigint check (pledged_minor >= 0), -- the exact sum, taken once inside closing
  backers          int check (backers >= 0),
  collect_until    timestamptz, -- charges are retried until then
  settled_at       timestamptz,
  collected_minor  bigint check (collected_minor >= 0), -- the exact sum when collecting ended
  decide_until     timestamptz, -- in a shortfall the founder decides until then
  primary key (tenant_id, id),
  unique (tenant_id, id, currency), -- a pledge's foreign key: one campaign, one currency
  foreign key (tenant_id, idea_id) references idea (tenant_id, id),
  foreign key (tenant_id, founder_id) references membership (tenant_id, account_id),
  check (state in ('draft', 'cancelled') or (launched_at is not null and deadline > launched_at)),
  check ((closed_at is null) = (pledged_minor is null) and (closed_at is null) = (backers is null)),
  check (state not in ('succeeded', 'failed', 'collecting', 'funded', 'shortfall') or closed_at is not null)
);
-- An idea has one campaign at a time; after a failed one there may be another.
create unique index campaign_of_idea on campaign (tenant_id, idea_id) where state not in ('failed', 'cancelled');
create index campaign_list on campaign (tenant_id, state, deadline); -- the money desk, and overdue campaigns
create index campaign_founder on campaign (tenant_id, founder_id, created_at desc);
select protect_tenant_table('campaign', 'select, insert, update');

insert into state_rule (machine, from_state, to_state) values
  ('campaign', 'draft', 'scheduled'),
  ('campaign', 'scheduled', 'live'),
  ('campaign', 'live', 'closing'),
  ('campaign', 'live', 'cancelled'),
  ('campaign', 'closing', 'succeeded'),
  ('campaign', 'closing', 'failed'),
  ('campaign', 'succeeded', 'collecting'),
  ('campaign', 'collecting', 'funded'),
  ('campaign', 'collecting', 'shortfall'),
  ('campaign', 'shortfall', 'funded'),
  ('campaign', 'shortfall', 'cancelled');
create trigger campaign_state before insert or update of state on campaign
  for each row execute function check_transition('campaign', 'draft');

-- What backers were promised does not move: once live, the goal, currency,
-- length and deadline stand, and the sum of the close is never worked out again.
create function keep_campaign_promises() returns trigger
language plpgsql as $$
begin
  if old.state not in ('draft', 'scheduled')
    and (new.goal_minor, new.currency, new.duration_seconds, new.mode, new.launched_at, new.deadline, new.idea_id, new.founder_id)
      is distinct from (old.goal_minor, old.currency, old.duration_seconds, old.mode, old.launched_at, old.deadline, old.idea_id, old.founder_id) then
    raise exception 'the terms of a campaign are fixed once it is live' using errcode = 'GB001';
  end if;
  if old.closed_at is not null
    and (new.closed_at, new.pledged_minor, new.backers) is distinct from (old.closed_at, old.pledged_minor, old.backers) then
    raise exception 'the sum of a closed campaign is fixed' using errcode = 'GB001';
  end if;
  return new;
end $$;
create trigger campaign_promises before update on campaign
  for each row execute function keep_campaign_promises();

create table campaign_transition (
  tenant_id   bigint not null,
  campaign_id uuid not null,
  seq         int not null,
  from_state  text not null,
  to_state    text not null,
  actor_id    uuid, -- null: the system itself
  reason      text not null default '',
  at          timestamptz not null default clock_timestamp(),
  primary key (tenant_id, campaign_id, seq),
  foreign key (tenant_id, campaign_id) references campaign (tenant_id, id)
);
select protect_tenant_table('campaign_transition', 'select, insert');

create table reward (
  tenant_id    bigint not null,
  id           uuid not null,
  campaign_id  uuid not null,
  position     int not null check (position > 0),
  title        text not null check (length(title) between 1 and 120),
  description  text not null default '' check (length(description) <= 2000),
  amount_minor bigint not null check (amount_minor > 0), -- the least pledge that earns it
  quantity     int check (quantity > 0), -- null: no limit
  primary key (tenant_id, id),
  unique (tenant_id, campaign_id, id), -- a pledge's foreign key: a reward of the same campaign
  unique (tenant_id, campaign_id, position),
  foreign key (tenant_id, campaign_id) references campaign (tenant_id, id)
);
select protect_tenant_table('reward', 'select, insert, delete');

-- UPDATE is not granted, but FOR UPDATE needs the right on some column: a
-- limited reward is locked while its pledges are counted.
grant update (position) on reward to globalbrain_app;

create function keep_reward_promises() returns trigger
language plpgsql as $$
declare
  r reward := coalesce(new, old);
begin
  if (select c.state from campaign c where c.tenant_id = r.tenant_id and c.id = r.campaign_id) is distinct from 'draft' then
    raise exception 'the rewards of a campaign are fixed once it is launched' using errcode = 'GB001';
  end if;
  return r;
end $$;
create trigger reward_promises before insert or update or delete on reward
  for each row execute function keep_reward_promises();

create table pledge (
  tenant_id      bigint not null,
  id             uuid not null,
  campaign_id    uuid not null,
  backer_id      uuid not null,
  reward_id      uuid,
  amount_minor   bigint not null check (amount_minor > 0),
  currency       text not null,
  anonymous      boolean not null default false, -- to the public, never to the ledger
  state          text not null default 'intent',
  version        int not null default 1,
  setup_no       int not null default 1 check (setup_no > 0), -- grows when the backer mends a failed payment
  setup_ref      text not null default '',  -- the gateway's id of that setup
  setup_url      text not null default '',  -- the gateway's hosted page for it
  payment_method text not null default '',  -- the gateway's id; never a card number
  created_at     timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, campaign_id, currency) references campaign (tenant_id, id, currency),
  foreign key (tenant_id, campaign_id, reward_id) references reward (tenant_id, campaign_id, id),
  foreign key (tenant_id, backer_id) references membership (tenant_id, account_id),
  check (state not in ('active', 'collecting', 'collected') or payment_method <> '')
);
-- One open pledge per campaign and backer, held by the database itself.
create unique index pledge_one_open on pledge (tenant_id, campaign_id, backer_id)
  where state in ('intent', 'requires_action', 'active', 'collecting', 'errored', 'auth_required', 'collected', 'refund_pending');
create index pledge_backer on pledge (tenant_id, backer_id, created_at desc, id desc); -- "my pledges"
create index pledge_campaign on pledge (tenant_id, campaign_id, state); -- closing, releasing, the founder's view
create index pledge_reward on pledge (tenant_id, reward_id)
  where state in ('intent', 'requires_action', 'active', 'collecting', 'errored', 'auth_required', 'collected', 'refund_pending'); -- how many of a reward are taken
select protect_tenant_table('pledge', 'select, insert');
grant update (state, setup_no, setup_ref, setup_url, payment_method) on pledge to globalbrain_app; -- never the amount

insert into state_rule (machine, from_state, to_state) values
  ('pledge', 'intent', 'requires_action'),
  ('pledge', 'intent', 'abandoned'),
  ('pledge', 'requires_action', 'active'),
  ('pledge', 'requires_action', 'abandoned'),
  ('pledge', 'active', 'cancelled'),
  ('pledge', 'active', 'released'),
  ('pledge', 'active', 'collecting'),
  ('pledge', 'collecting', 'collected'),
  ('pledge', 'collecting', 'errored'),
  ('pledge', 'collecting', 'auth_required'),
  ('pledge', 'errored', 'collecting'),
  ('pledge', 'errored', 'dropped'),
  ('pledge', 'auth_required', 'collecting'),
  ('pledge', 'auth_required', 'dropped'),
  ('pledge', 'collected', 'refund_pending'),
  ('pledge', 'refund_pending', 'refunded');
create trigger pledge_state before insert or update of state on pledge
  for each row execute function check_transition('pledge', 'intent');

-- The history of pledges is also where totals come from. A campaign has no
-- counter that every pledge would queue for: each step carries what it adds,
-- and the roll-up adds the steps whose transaction number lies below every
-- running transaction. (Row ids would not do: they are not in commit order.)
create table pledge_transition (
  tenant_id   bigint not null,
  pledge_id   uuid not null,
  seq         int not null,
  campaign_id uuid not null,
  from_state  text not null,
  to_state    text not null,
  pledged     bigint not null default 0, -- what this step adds to the campaign's totals, in minor units
  backers     int not null default 0,
  collected   bigint not null default 0,
  refunded    bigint not null default 0,
  actor_id    uuid, -- null: the system itself
  reason      text not null default '',
  at          timestamptz not null default clock_timestamp(),
  xid         xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, pledge_id, seq),
  foreign key (tenant_id, pledge_id) references pledge (tenant_id, id)
);
create index pledge_transition_tail on pledge_transition (tenant_id, campaign_id, xid); -- what the roll-up has not added yet
select protect_tenant_table('pledge_transition', 'select, insert');

-- Sums of pledge_transition below upto. Only pages read it, with the tail added;
-- closing and settling take the exact sum. After a restore from a logical dump
-- transaction numbers start anew: set upto and the sums to zero.
create table campaign_rollup (
  tenant_id   bigint not null,
  campaign_id uuid not null,
  upto        xid8 not null default '0',
  pledged     bigint not null default 0,
  backers     int not null default 0,
  collected   bigint not null default 0,
  refunded    bigint not null default 0,
  primary key (tenant_id, campaign_id),
  foreign key (tenant_id, campaign_id) references campaign (tenant_id, id)
);
select protect_tenant_table('campaign_rollup', 'select, insert, update');

-- A charge and its key are committed before the gateway is called, so that a
-- crash at any point leaves something to ask the gateway about.
create table charge (
  tenant_id      bigint not null,
  id             uuid not null,
  campaign_id    uuid not null,
  pledge_id      uuid not null,
  version        int not null,
  attempt        int not null check (attempt > 0),
  key            text not null, -- tenant:pledge:version:attempt
  payment_method text not null,
  amount_minor   bigint not null check (amount_minor > 0),
  currency       text not null,
  state          text not null default 'pending',
  gateway_ref    text not null default '',
  fee_minor      bigint not null default 0 check (fee_minor >= 0 and fee_minor <= amount_minor), -- what the gateway keeps
  decline        text not null default '' check (decline in ('', 'soft', 'hard')),
  code           text not null default '', -- the gateway's word for what went wrong
  created_at     timestamptz not null default clock_timestamp(),
  settled_at     timestamptz,
  retry_at       timestamptz, -- after a soft decline: when the next attempt is made
  primary key (tenant_id, id),
  unique (tenant_id, key),
  unique (tenant_id, pledge_id, version, attempt),
  foreign key (tenant_id, pledge_id) references pledge (tenant_id, id),
  foreign key (tenant_id, campaign_id, currency) references campaign (tenant_id, id, currency)
);
-- At most one capture per pledge version: no second charge while one is open or has succeeded.
create unique index charge_once on charge (tenant_id, pledge_id, version) where state in ('pending', 'processing', 'succeeded');
create index charge_campaign on charge (tenant_id, campaign_id, created_at);
select protect_tenant_table('charge', 'select, insert');
grant update (state, gateway_ref, fee_minor, decline, code, settled_at, retry_at) on charge to globalbrain_app;

insert into state_rule (machine, from_state, to_state) values
  ('charge', 'pending', 'processing'),
  ('charge', 'pending', 'succeeded'),
  ('charge', 'pending', 'failed'),
  ('charge', 'pending', 'requires_action'),
  ('charge', 'processing', 'succeeded'),
  ('charge', 'processing', 'failed'),
  ('charge', 'processing', 'requires_action');
create trigger charge_state before insert or update of state on charge
  for each row execute function check_transition('charge', 'pending');

create table refund (
  tenant_id    bigint not null,
  id           uuid not null,
  charge_id    uuid not null,
  key          text not null, -- tenant:charge:refund
  amount_minor bigint not null check (amount_minor > 0),
  currency     text not null,
  state        text not null default 'pending',
  gateway_ref  text not null default '',
  created_at   timestamptz not null default clock_timestamp(),
  settled_at   timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  unique (tenant_id, charge_id), -- refunds are whole: never more than was captured
  foreign key (tenant_id, charge_id) references charge (tenant_id, id)
);
select protect_tenant_table('refund', 'select, insert');
grant update (state, gateway_ref, settled_at) on refund to globalbrain_app;
insert into state_rule (machine, from_state, to_state) values ('refund', 'pending', 'succeeded');
create trigger refund_state before insert or update of state on refund
  for each row execute function check_transition('refund', 'pending');

-- A webhook is stored as it came and answered; a job handles it by asking the
-- gateway, so neither order nor repetition matters.
create table gateway_event (
  tenant_id   bigint not null references tenant (id),
  provider    text not null,
  event_id    text not null check (length(event_id) between 1 and 255),
  kind        text not null,
  object_ref  text not null, -- our key of the setup, charge or refund it is about
  body        bytea not null,
  received_at timestamptz not null default clock_timestamp(),
  handled_at  timestamptz,
  primary key (tenant_id, provider, event_id)
);
select protect_tenant_table('gateway_event', 'select, insert');
grant update (handled_at) on gateway_event to globalbrain_app;

create table ledger_transaction (
  tenant_id   bigint not null references tenant (id),
  id          uuid not null,
  reference   text not null check (length(reference) between 1 and 255),
  kind        text not null,
  campaign_id uuid,
  reverses    uuid,
  at          timestamptz not null default clock_timestamp(),
  xid         xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, id),
  unique (tenant_id, reference), -- posting twice posts once
  unique (tenant_id, reverses),  -- a correction happens once
  foreign key (tenant_id, reverses) references ledger_transaction (tenant_id, id),
  foreign key (tenant_id, campaign_id) references campaign (tenant_id, id)
);
create index ledger_transaction_campaign on ledger_transaction (tenant_id, campaign_id, at);
select protect_tenant_table('ledger_transaction', 'select, insert');

create table ledger_entry (
  tenant_id      bigint not null,
  transaction_id uuid not null,
  seq            int not null check (seq > 0),
  account        text not null check (account ~ '^[a-z]+(:[a-z0-9-]+){1,2}$'),
  amount_minor   bigint not null check (amount_minor <> 0), -- what the account gains; negative: gives
  currency       text not null check (currency ~ '^[A-Z]{3}$'),
  primary key (tenant_id, transaction_id, seq),
  foreign key (tenant_id, transaction_id) references ledger_transaction (tenant_id, id)
);
create index ledger_entry_account on ledger_entry (tenant_id, account, currency) include (amount_minor); -- balances
select protect_tenant_table('ledger_entry', 'select, insert');

-- Postings cannot be unbalanced by the way they are built; this proves it for
-- whatever reaches the table. Deferred, because a transaction's entries come one
-- by one. Counting them as well catches a transaction with none, and a check
-- that cannot see its rows. An older transaction takes no more entries.
create function prove_ledger_balanced() returns trigger
language plpgsql as $$
declare
  tx uuid := case tg_table_name when 'ledger_entry' then (to_jsonb(new) ->> 'transaction_id')::uuid else (to_jsonb(new) ->> 'id')::uuid end;
  entries bigint;
  lopsided text;
begin
  select sum(n), max(currency) filter (where total <> 0) into entries, lopsided
  from (select e.currency, count(*) as n, sum(e.amount_minor) as total
        from ledger_entry e where e.tenant_id = new.tenant_id and e.transaction_id = tx group by e.currency) as sums;
  if coalesce(entries, 0) < 2 then
    raise exception 'ledger transaction % has % entries', tx, coalesce(entries, 0) using errcode = 'check_violation', constraint = 'ledger_balanced';
  end if;
  if lopsided is not null then
    raise exception 'ledger transaction % does not sum to zero in %', tx, lopsided using errcode = 'check_violation', constraint = 'ledger_balanced';
  end if;
  if (select t.xid from ledger_transaction t where t.tenant_id = new.tenant_id and t.id = tx) is distinct from pg_current_xact_id() then
    raise exception 'ledger transaction % is closed', tx using errcode = 'check_violation', constraint = 'ledger_balanced';
  end if;
  return null;
end $$;
create constraint trigger ledger_entry_balanced after insert on ledger_entry
  deferrable initially deferred for each row execute function prove_ledger_balanced();
create constraint trigger ledger_transaction_balanced after insert on ledger_transaction
  deferrable initially deferred for each row execute function prove_ledger_balanced();
