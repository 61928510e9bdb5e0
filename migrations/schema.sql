-- The schema after all migrations, as Postgres 15 dumps it. "make verify" writes this file.

CREATE TYPE public.river_job_state AS ENUM (
    'available',
    'cancelled',
    'completed',
    'discarded',
    'pending',
    'retryable',
    'running',
    'scheduled'
);

ALTER TYPE public.river_job_state OWNER TO globalbrain_owner;

CREATE FUNCTION public.check_transition() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION public.check_transition() OWNER TO globalbrain_owner;

CREATE FUNCTION public.keep_campaign_promises() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION public.keep_campaign_promises() OWNER TO globalbrain_owner;

CREATE FUNCTION public.keep_review_final() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'a final review cannot be changed' using errcode = 'GB001';
end $$;

ALTER FUNCTION public.keep_review_final() OWNER TO globalbrain_owner;

CREATE FUNCTION public.keep_reward_promises() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  r reward := coalesce(new, old);
begin
  if (select c.state from campaign c where c.tenant_id = r.tenant_id and c.id = r.campaign_id) is distinct from 'draft' then
    raise exception 'the rewards of a campaign are fixed once it is launched' using errcode = 'GB001';
  end if;
  return r;
end $$;

ALTER FUNCTION public.keep_reward_promises() OWNER TO globalbrain_owner;

CREATE FUNCTION public.protect_tenant_table(t regclass, app_rights text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::bigint))'
    || ' with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::bigint))', t);
  execute format('grant %s on %s to globalbrain_app', app_rights, t);
  execute format('grant select on %s to globalbrain_audit', t);
end $$;

ALTER FUNCTION public.protect_tenant_table(t regclass, app_rights text) OWNER TO globalbrain_owner;

CREATE FUNCTION public.prove_ledger_balanced() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION public.prove_ledger_balanced() OWNER TO globalbrain_owner;

CREATE FUNCTION public.river_job_state_in_bitmask(bitmask bit, state public.river_job_state) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending'   THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running'   THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1;
$$;

ALTER FUNCTION public.river_job_state_in_bitmask(bitmask bit, state public.river_job_state) OWNER TO globalbrain_owner;

CREATE TABLE public.account (
    id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    locale text NOT NULL,
    email_verified_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT account_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT account_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);

ALTER TABLE public.account OWNER TO globalbrain_owner;

CREATE TABLE public.audit_event (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY public.audit_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_event OWNER TO globalbrain_owner;

CREATE TABLE public.call (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    slug text NOT NULL,
    title jsonb NOT NULL,
    brief jsonb NOT NULL,
    opens_at timestamp with time zone DEFAULT now() NOT NULL,
    closes_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT call_brief_check CHECK ((brief ? 'en'::text)),
    CONSTRAINT call_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,60}$'::text)),
    CONSTRAINT call_title_check CHECK ((title ? 'en'::text))
);

ALTER TABLE ONLY public.call FORCE ROW LEVEL SECURITY;

ALTER TABLE public.call OWNER TO globalbrain_owner;

CREATE TABLE public.campaign (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    idea_id uuid NOT NULL,
    founder_id uuid NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    mode text DEFAULT 'all_or_nothing'::text NOT NULL,
    goal_minor bigint NOT NULL,
    currency text NOT NULL,
    duration_seconds bigint NOT NULL,
    edit bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    launched_at timestamp with time zone,
    deadline timestamp with time zone,
    closed_at timestamp with time zone,
    pledged_minor bigint,
    backers integer,
    collect_until timestamp with time zone,
    settled_at timestamp with time zone,
    collected_minor bigint,
    decide_until timestamp with time zone,
    CONSTRAINT campaign_backers_check CHECK ((backers >= 0)),
    CONSTRAINT campaign_check CHECK (((state = ANY (ARRAY['draft'::text, 'cancelled'::text])) OR ((launched_at IS NOT NULL) AND (deadline > launched_at)))),
    CONSTRAINT campaign_check1 CHECK ((((closed_at IS NULL) = (pledged_minor IS NULL)) AND ((closed_at IS NULL) = (backers IS NULL)))),
    CONSTRAINT campaign_check2 CHECK (((state <> ALL (ARRAY['succeeded'::text, 'failed'::text, 'collecting'::text, 'funded'::text, 'shortfall'::text])) OR (closed_at IS NOT NULL))),
    CONSTRAINT campaign_collected_minor_check CHECK ((collected_minor >= 0)),
    CONSTRAINT campaign_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT campaign_duration_seconds_check CHECK ((duration_seconds > 0)),
    CONSTRAINT campaign_goal_minor_check CHECK ((goal_minor > 0)),
    CONSTRAINT campaign_mode_check CHECK ((mode = 'all_or_nothing'::text)),
    CONSTRAINT campaign_pledged_minor_check CHECK ((pledged_minor >= 0))
);

ALTER TABLE ONLY public.campaign FORCE ROW LEVEL SECURITY;

ALTER TABLE public.campaign OWNER TO globalbrain_owner;

CREATE TABLE public.campaign_rollup (
    tenant_id bigint NOT NULL,
    campaign_id uuid NOT NULL,
    upto xid8 DEFAULT '0'::xid8 NOT NULL,
    pledged bigint DEFAULT 0 NOT NULL,
    backers integer DEFAULT 0 NOT NULL,
    collected bigint DEFAULT 0 NOT NULL,
    refunded bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.campaign_rollup FORCE ROW LEVEL SECURITY;

ALTER TABLE public.campaign_rollup OWNER TO globalbrain_owner;

CREATE TABLE public.campaign_transition (
    tenant_id bigint NOT NULL,
    campaign_id uuid NOT NULL,
    seq integer NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    actor_id uuid,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.campaign_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE public.campaign_transition OWNER TO globalbrain_owner;

CREATE TABLE public.charge (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    pledge_id uuid NOT NULL,
    version integer NOT NULL,
    attempt integer NOT NULL,
    key text NOT NULL,
    payment_method text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    gateway_ref text DEFAULT ''::text NOT NULL,
    fee_minor bigint DEFAULT 0 NOT NULL,
    decline text DEFAULT ''::text NOT NULL,
    code text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    settled_at timestamp with time zone,
    retry_at timestamp with time zone,
    CONSTRAINT charge_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT charge_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT charge_check CHECK (((fee_minor >= 0) AND (fee_minor <= amount_minor))),
    CONSTRAINT charge_decline_check CHECK ((decline = ANY (ARRAY[''::text, 'soft'::text, 'hard'::text])))
);

ALTER TABLE ONLY public.charge FORCE ROW LEVEL SECURITY;

ALTER TABLE public.charge OWNER TO globalbrain_owner;

CREATE TABLE public.conflict_of_interest (
    tenant_id bigint NOT NULL,
    idea_id uuid NOT NULL,
    account_id uuid NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT conflict_of_interest_note_check CHECK ((length(note) <= 1000))
);

ALTER TABLE ONLY public.conflict_of_interest FORCE ROW LEVEL SECURITY;

ALTER TABLE public.conflict_of_interest OWNER TO globalbrain_owner;

CREATE TABLE public.email_token (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT email_token_purpose_check CHECK ((purpose = ANY (ARRAY['verify'::text, 'reset'::text])))
);

ALTER TABLE public.email_token OWNER TO globalbrain_owner;

CREATE TABLE public.gateway_event (
    tenant_id bigint NOT NULL,
    provider text NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    object_ref text NOT NULL,
    body bytea NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    handled_at timestamp with time zone,
    CONSTRAINT gateway_event_event_id_check CHECK (((length(event_id) >= 1) AND (length(event_id) <= 255)))
);

ALTER TABLE ONLY public.gateway_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_event OWNER TO globalbrain_owner;

CREATE TABLE public.idea (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    call_id uuid NOT NULL,
    founder_id uuid NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    edit bigint DEFAULT 1 NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    solution text DEFAULT ''::text NOT NULL,
    team text DEFAULT ''::text NOT NULL,
    goal_minor bigint,
    currency text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    ai_use text DEFAULT ''::text NOT NULL,
    rights_confirmed boolean DEFAULT false NOT NULL,
    change_cycles integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    submitted_at timestamp with time zone,
    CONSTRAINT idea_ai_use_check CHECK ((ai_use = ANY (ARRAY[''::text, 'none'::text, 'assisted'::text, 'generated'::text]))),
    CONSTRAINT idea_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT idea_goal_minor_check CHECK ((goal_minor > 0)),
    CONSTRAINT idea_problem_check CHECK ((length(problem) <= 5000)),
    CONSTRAINT idea_solution_check CHECK ((length(solution) <= 10000)),
    CONSTRAINT idea_team_check CHECK ((length(team) <= 5000)),
    CONSTRAINT idea_title_check CHECK ((length(title) <= 120))
);

ALTER TABLE ONLY public.idea FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idea OWNER TO globalbrain_owner;

CREATE TABLE public.idea_image (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    idea_id uuid NOT NULL,
    "position" integer NOT NULL,
    alt text DEFAULT ''::text NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idea_image_alt_check CHECK ((length(alt) <= 300)),
    CONSTRAINT idea_image_media_type_check CHECK ((media_type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text])))
);

ALTER TABLE ONLY public.idea_image FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idea_image OWNER TO globalbrain_owner;

CREATE TABLE public.idea_likeness (
    tenant_id bigint NOT NULL,
    idea_id uuid NOT NULL,
    version integer NOT NULL,
    other_id uuid NOT NULL,
    degree text NOT NULL,
    shared real NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT idea_likeness_check CHECK ((other_id <> idea_id)),
    CONSTRAINT idea_likeness_degree_check CHECK ((degree = ANY (ARRAY['copied'::text, 'close'::text]))),
    CONSTRAINT idea_likeness_note_check CHECK ((length(note) <= 500)),
    CONSTRAINT idea_likeness_shared_check CHECK (((shared >= (0)::double precision) AND (shared <= (1)::double precision)))
);

ALTER TABLE ONLY public.idea_likeness FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idea_likeness OWNER TO globalbrain_owner;

CREATE TABLE public.idea_score (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    idea_id uuid NOT NULL,
    version integer NOT NULL,
    model text NOT NULL,
    model_hash text NOT NULL,
    language text NOT NULL,
    abstained boolean NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    success double precision[],
    impact double precision[],
    feasibility double precision[],
    auditability double precision[],
    embedding real[],
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idea_score_auditability_check CHECK (((auditability IS NULL) OR (cardinality(auditability) = 3))),
    CONSTRAINT idea_score_check CHECK ((abstained = (success IS NULL))),
    CONSTRAINT idea_score_feasibility_check CHECK (((feasibility IS NULL) OR (cardinality(feasibility) = 3))),
    CONSTRAINT idea_score_impact_check CHECK (((impact IS NULL) OR (cardinality(impact) = 3))),
    CONSTRAINT idea_score_success_check CHECK (((success IS NULL) OR (cardinality(success) = 3)))
);

ALTER TABLE ONLY public.idea_score FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idea_score OWNER TO globalbrain_owner;

CREATE TABLE public.idea_support (
    tenant_id bigint NOT NULL,
    idea_id uuid NOT NULL,
    account_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.idea_support FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idea_support OWNER TO globalbrain_owner;

CREATE TABLE public.idea_transition (
    tenant_id bigint NOT NULL,
    idea_id uuid NOT NULL,
    seq integer NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    actor_id uuid,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.idea_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idea_transition OWNER TO globalbrain_owner;

CREATE TABLE public.idea_version (
    tenant_id bigint NOT NULL,
    idea_id uuid NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    problem text NOT NULL,
    solution text NOT NULL,
    team text NOT NULL,
    goal_minor bigint NOT NULL,
    currency text NOT NULL,
    language text NOT NULL,
    ai_use text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idea_version_goal_minor_check CHECK ((goal_minor > 0)),
    CONSTRAINT idea_version_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.idea_version FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idea_version OWNER TO globalbrain_owner;

CREATE TABLE public.idempotency_key (
    tenant_id bigint NOT NULL,
    account_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    status integer,
    header jsonb,
    body bytea,
    CONSTRAINT idempotency_key_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

ALTER TABLE ONLY public.idempotency_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_key OWNER TO globalbrain_owner;

CREATE TABLE public.ledger_entry (
    tenant_id bigint NOT NULL,
    transaction_id uuid NOT NULL,
    seq integer NOT NULL,
    account text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT ledger_entry_account_check CHECK ((account ~ '^[a-z]+(:[a-z0-9-]+){1,2}$'::text)),
    CONSTRAINT ledger_entry_amount_minor_check CHECK ((amount_minor <> 0)),
    CONSTRAINT ledger_entry_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT ledger_entry_seq_check CHECK ((seq > 0))
);

ALTER TABLE ONLY public.ledger_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_entry OWNER TO globalbrain_owner;

CREATE TABLE public.ledger_transaction (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    reference text NOT NULL,
    kind text NOT NULL,
    campaign_id uuid,
    reverses uuid,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT ledger_transaction_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 255)))
);

ALTER TABLE ONLY public.ledger_transaction FORCE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_transaction OWNER TO globalbrain_owner;

CREATE TABLE public.mail_message (
    id uuid NOT NULL,
    to_address text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone
);

ALTER TABLE public.mail_message OWNER TO globalbrain_owner;

CREATE TABLE public.membership (
    tenant_id bigint NOT NULL,
    account_id uuid NOT NULL,
    roles text[] NOT NULL,
    organisation text DEFAULT ''::text NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT membership_organisation_check CHECK ((length(organisation) <= 120)),
    CONSTRAINT membership_roles_check CHECK (((roles <@ ARRAY['member'::text, 'expert'::text, 'moderator'::text, 'admin'::text, 'owner'::text]) AND (cardinality(roles) > 0)))
);

ALTER TABLE ONLY public.membership FORCE ROW LEVEL SECURITY;

ALTER TABLE public.membership OWNER TO globalbrain_owner;

CREATE TABLE public.model_default (
    seq integer NOT NULL,
    act text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    model_title text DEFAULT ''::text NOT NULL,
    model_hash text DEFAULT ''::text NOT NULL,
    operator text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT model_default_act_check CHECK ((act = ANY (ARRAY['promote'::text, 'rollback'::text]))),
    CONSTRAINT model_default_check CHECK (((model = ''::text) = (model_hash = ''::text))),
    CONSTRAINT model_default_model_check CHECK ((length(model) <= 120)),
    CONSTRAINT model_default_operator_check CHECK ((operator <> ''::text)),
    CONSTRAINT model_default_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT model_default_seq_check CHECK ((seq > 0))
);

ALTER TABLE public.model_default OWNER TO globalbrain_owner;

CREATE TABLE public.model_in_force (
    tenant_id bigint NOT NULL,
    model text NOT NULL,
    model_hash text NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.model_in_force FORCE ROW LEVEL SECURITY;

ALTER TABLE public.model_in_force OWNER TO globalbrain_owner;

CREATE TABLE public.model_promotion (
    tenant_id bigint NOT NULL,
    seq integer NOT NULL,
    act text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    model_title text DEFAULT ''::text NOT NULL,
    model_hash text DEFAULT ''::text NOT NULL,
    actor_id uuid,
    operator text DEFAULT ''::text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT model_promotion_act_check CHECK ((act = ANY (ARRAY['promote'::text, 'rollback'::text]))),
    CONSTRAINT model_promotion_check CHECK (((actor_id IS NULL) = (operator <> ''::text))),
    CONSTRAINT model_promotion_check1 CHECK (((model = ''::text) = (model_hash = ''::text))),
    CONSTRAINT model_promotion_model_check CHECK ((length(model) <= 120)),
    CONSTRAINT model_promotion_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT model_promotion_seq_check CHECK ((seq > 0))
);

ALTER TABLE ONLY public.model_promotion FORCE ROW LEVEL SECURITY;

ALTER TABLE public.model_promotion OWNER TO globalbrain_owner;

CREATE TABLE public.picture_print (
    tenant_id bigint NOT NULL,
    image_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    definition integer NOT NULL,
    sharpness double precision NOT NULL,
    brightness double precision NOT NULL,
    contrast double precision NOT NULL,
    colourfulness double precision NOT NULL,
    saturation double precision NOT NULL,
    entropy double precision NOT NULL,
    flat double precision NOT NULL,
    hash bit(128),
    CONSTRAINT picture_print_brightness_check CHECK (((brightness >= (0)::double precision) AND (brightness <= (1)::double precision))),
    CONSTRAINT picture_print_colourfulness_check CHECK ((colourfulness >= (0)::double precision)),
    CONSTRAINT picture_print_contrast_check CHECK (((contrast >= (0)::double precision) AND (contrast <= (1)::double precision))),
    CONSTRAINT picture_print_entropy_check CHECK (((entropy >= (0)::double precision) AND (entropy <= (8)::double precision))),
    CONSTRAINT picture_print_flat_check CHECK (((flat >= (0)::double precision) AND (flat <= (1)::double precision))),
    CONSTRAINT picture_print_saturation_check CHECK (((saturation >= (0)::double precision) AND (saturation <= (1)::double precision))),
    CONSTRAINT picture_print_sharpness_check CHECK ((sharpness >= (0)::double precision))
);

ALTER TABLE ONLY public.picture_print FORCE ROW LEVEL SECURITY;

ALTER TABLE public.picture_print OWNER TO globalbrain_owner;

CREATE TABLE public.pledge (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    backer_id uuid NOT NULL,
    reward_id uuid,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    anonymous boolean DEFAULT false NOT NULL,
    state text DEFAULT 'intent'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    setup_no integer DEFAULT 1 NOT NULL,
    setup_ref text DEFAULT ''::text NOT NULL,
    setup_url text DEFAULT ''::text NOT NULL,
    payment_method text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pledge_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT pledge_check CHECK (((state <> ALL (ARRAY['active'::text, 'collecting'::text, 'collected'::text])) OR (payment_method <> ''::text))),
    CONSTRAINT pledge_setup_no_check CHECK ((setup_no > 0))
);

ALTER TABLE ONLY public.pledge FORCE ROW LEVEL SECURITY;

ALTER TABLE public.pledge OWNER TO globalbrain_owner;

CREATE TABLE public.pledge_transition (
    tenant_id bigint NOT NULL,
    pledge_id uuid NOT NULL,
    seq integer NOT NULL,
    campaign_id uuid NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    pledged bigint DEFAULT 0 NOT NULL,
    backers integer DEFAULT 0 NOT NULL,
    collected bigint DEFAULT 0 NOT NULL,
    refunded bigint DEFAULT 0 NOT NULL,
    actor_id uuid,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);

ALTER TABLE ONLY public.pledge_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE public.pledge_transition OWNER TO globalbrain_owner;

CREATE TABLE public.ranking_receipt (
    tenant_id bigint NOT NULL,
    snapshot_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    rank integer NOT NULL,
    detail jsonb NOT NULL,
    CONSTRAINT ranking_receipt_rank_check CHECK ((rank > 0))
);

ALTER TABLE ONLY public.ranking_receipt FORCE ROW LEVEL SECURITY;

ALTER TABLE public.ranking_receipt OWNER TO globalbrain_owner;

CREATE TABLE public.ranking_snapshot (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    call_id uuid NOT NULL,
    seed bigint NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    model_hash text DEFAULT ''::text NOT NULL,
    inputs jsonb NOT NULL,
    agreement jsonb NOT NULL,
    ideas integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.ranking_snapshot FORCE ROW LEVEL SECURITY;

ALTER TABLE public.ranking_snapshot OWNER TO globalbrain_owner;

CREATE TABLE public.refund (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    charge_id uuid NOT NULL,
    key text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    gateway_ref text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT refund_amount_minor_check CHECK ((amount_minor > 0))
);

ALTER TABLE ONLY public.refund FORCE ROW LEVEL SECURITY;

ALTER TABLE public.refund OWNER TO globalbrain_owner;

CREATE TABLE public.review_assignment (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    round_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    version integer NOT NULL,
    reviewer_id uuid NOT NULL,
    organisation text NOT NULL,
    state text DEFAULT 'proposed'::text NOT NULL,
    invited_at timestamp with time zone,
    due_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT review_assignment_check CHECK (((invited_at IS NOT NULL) OR (state = ANY (ARRAY['proposed'::text, 'declined'::text, 'expired'::text, 'conflicted'::text, 'recused'::text, 'replaced'::text]))))
);

ALTER TABLE ONLY public.review_assignment FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_assignment OWNER TO globalbrain_owner;

CREATE TABLE public.review_assignment_transition (
    tenant_id bigint NOT NULL,
    assignment_id uuid NOT NULL,
    seq integer NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    actor_id uuid,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT review_assignment_transition_reason_check CHECK ((length(reason) <= 1000))
);

ALTER TABLE ONLY public.review_assignment_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_assignment_transition OWNER TO globalbrain_owner;

CREATE TABLE public.review_decision (
    tenant_id bigint NOT NULL,
    round_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    decision text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    chair_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT review_decision_decision_check CHECK ((decision = ANY (ARRAY['shortlisted'::text, 'rejected'::text]))),
    CONSTRAINT review_decision_reason_check CHECK ((length(reason) <= 4000))
);

ALTER TABLE ONLY public.review_decision FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_decision OWNER TO globalbrain_owner;

CREATE TABLE public.review_draft (
    tenant_id bigint NOT NULL,
    assignment_id uuid NOT NULL,
    sheet jsonb NOT NULL,
    saved_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.review_draft FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_draft OWNER TO globalbrain_owner;

CREATE TABLE public.review_final (
    tenant_id bigint NOT NULL,
    assignment_id uuid NOT NULL,
    round_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    version integer NOT NULL,
    reviewer_id uuid NOT NULL,
    organisation text NOT NULL,
    scores smallint[] NOT NULL,
    confidences smallint[] NOT NULL,
    rationales text[] NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT review_final_confidences_check CHECK (((cardinality(confidences) = 3) AND (1 <= ALL (confidences)) AND (5 >= ALL (confidences)))),
    CONSTRAINT review_final_rationales_check CHECK (((cardinality(rationales) = 3) AND (array_position(rationales, ''::text) IS NULL))),
    CONSTRAINT review_final_scores_check CHECK (((cardinality(scores) = 3) AND (1 <= ALL (scores)) AND (5 >= ALL (scores))))
);

ALTER TABLE ONLY public.review_final FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_final OWNER TO globalbrain_owner;

CREATE TABLE public.review_round (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    call_id uuid NOT NULL,
    chair_id uuid NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    published_at timestamp with time zone,
    CONSTRAINT review_round_check CHECK (((state = 'published'::text) = (published_at IS NOT NULL)))
);

ALTER TABLE ONLY public.review_round FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_round OWNER TO globalbrain_owner;

CREATE TABLE public.review_round_idea (
    tenant_id bigint NOT NULL,
    round_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    version integer NOT NULL
);

ALTER TABLE ONLY public.review_round_idea FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_round_idea OWNER TO globalbrain_owner;

CREATE TABLE public.review_round_transition (
    tenant_id bigint NOT NULL,
    round_id uuid NOT NULL,
    seq integer NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    actor_id uuid,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.review_round_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE public.review_round_transition OWNER TO globalbrain_owner;

CREATE TABLE public.reward (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    "position" integer NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    amount_minor bigint NOT NULL,
    quantity integer,
    CONSTRAINT reward_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT reward_description_check CHECK ((length(description) <= 2000)),
    CONSTRAINT reward_position_check CHECK (("position" > 0)),
    CONSTRAINT reward_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT reward_title_check CHECK (((length(title) >= 1) AND (length(title) <= 120)))
);

ALTER TABLE ONLY public.reward FORCE ROW LEVEL SECURITY;

ALTER TABLE public.reward OWNER TO globalbrain_owner;

CREATE TABLE public.river_job (
    id bigint NOT NULL,
    state public.river_job_state DEFAULT 'available'::public.river_job_state NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 25 NOT NULL,
    attempted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finalized_at timestamp with time zone,
    scheduled_at timestamp with time zone DEFAULT now() NOT NULL,
    priority smallint DEFAULT 1 NOT NULL,
    args jsonb NOT NULL,
    attempted_by text[],
    errors jsonb[],
    kind text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    tags character varying(255)[] DEFAULT '{}'::character varying[] NOT NULL,
    unique_key bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK ((((finalized_at IS NULL) AND (state <> ALL (ARRAY['cancelled'::public.river_job_state, 'completed'::public.river_job_state, 'discarded'::public.river_job_state]))) OR ((finalized_at IS NOT NULL) AND (state = ANY (ARRAY['cancelled'::public.river_job_state, 'completed'::public.river_job_state, 'discarded'::public.river_job_state]))))),
    CONSTRAINT kind_length CHECK (((char_length(kind) > 0) AND (char_length(kind) < 128))),
    CONSTRAINT max_attempts_is_positive CHECK ((max_attempts > 0)),
    CONSTRAINT priority_in_range CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT queue_length CHECK (((char_length(queue) > 0) AND (char_length(queue) < 128)))
);

ALTER TABLE public.river_job OWNER TO globalbrain_owner;

CREATE SEQUENCE public.river_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER TABLE public.river_job_id_seq OWNER TO globalbrain_owner;

ALTER SEQUENCE public.river_job_id_seq OWNED BY public.river_job.id;

CREATE UNLOGGED TABLE public.river_leader (
    elected_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    leader_id text NOT NULL,
    name text DEFAULT 'default'::text NOT NULL,
    CONSTRAINT leader_id_length CHECK (((char_length(leader_id) > 0) AND (char_length(leader_id) < 128))),
    CONSTRAINT name_length CHECK ((name = 'default'::text))
);

ALTER TABLE public.river_leader OWNER TO globalbrain_owner;

CREATE TABLE public.river_migration (
    line text NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT line_length CHECK (((char_length(line) > 0) AND (char_length(line) < 128))),
    CONSTRAINT version_gte_1 CHECK ((version >= 1))
);

ALTER TABLE public.river_migration OWNER TO globalbrain_owner;

CREATE TABLE public.river_notification (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    payload text NOT NULL,
    topic text NOT NULL,
    CONSTRAINT topic_length CHECK (((length(topic) > 0) AND (length(topic) < 128)))
);

ALTER TABLE public.river_notification OWNER TO globalbrain_owner;

CREATE SEQUENCE public.river_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER TABLE public.river_notification_id_seq OWNER TO globalbrain_owner;

ALTER SEQUENCE public.river_notification_id_seq OWNED BY public.river_notification.id;

CREATE TABLE public.river_queue (
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    paused_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE public.river_queue OWNER TO globalbrain_owner;

CREATE TABLE public.schema_migrations (
    version bigint NOT NULL,
    dirty boolean NOT NULL
);

ALTER TABLE public.schema_migrations OWNER TO globalbrain_owner;

CREATE TABLE public.screening_decision (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    idea_id uuid NOT NULL,
    version integer NOT NULL,
    moderator_id uuid NOT NULL,
    decision text NOT NULL,
    rule text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT screening_decision_decision_check CHECK ((decision = ANY (ARRAY['accept'::text, 'request_changes'::text, 'reject'::text]))),
    CONSTRAINT screening_decision_note_check CHECK ((length(note) <= 4000))
);

ALTER TABLE ONLY public.screening_decision FORCE ROW LEVEL SECURITY;

ALTER TABLE public.screening_decision OWNER TO globalbrain_owner;

CREATE TABLE public.session (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE public.session OWNER TO globalbrain_owner;

CREATE TABLE public.state_rule (
    machine text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL
);

ALTER TABLE public.state_rule OWNER TO globalbrain_owner;

CREATE TABLE public.tenant (
    id bigint NOT NULL,
    slug text NOT NULL,
    name jsonb NOT NULL,
    tagline jsonb DEFAULT '{}'::jsonb NOT NULL,
    hue integer NOT NULL,
    currency text NOT NULL,
    locales text[] NOT NULL,
    policy jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT tenant_hue_check CHECK (((hue >= 0) AND (hue <= 359))),
    CONSTRAINT tenant_name_check CHECK ((name ? 'en'::text)),
    CONSTRAINT tenant_slug_check CHECK ((slug ~ '^[a-z][a-z0-9-]{1,30}[a-z0-9]$'::text))
);

ALTER TABLE public.tenant OWNER TO globalbrain_owner;

ALTER TABLE public.tenant ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tenant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.river_job ALTER COLUMN id SET DEFAULT nextval('public.river_job_id_seq'::regclass);

ALTER TABLE ONLY public.river_notification ALTER COLUMN id SET DEFAULT nextval('public.river_notification_id_seq'::regclass);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_email_key_key UNIQUE (email_key);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.call
    ADD CONSTRAINT call_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.call
    ADD CONSTRAINT call_tenant_id_slug_key UNIQUE (tenant_id, slug);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.campaign_rollup
    ADD CONSTRAINT campaign_rollup_pkey PRIMARY KEY (tenant_id, campaign_id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_tenant_id_id_currency_key UNIQUE (tenant_id, id, currency);

ALTER TABLE ONLY public.campaign_transition
    ADD CONSTRAINT campaign_transition_pkey PRIMARY KEY (tenant_id, campaign_id, seq);

ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_tenant_id_key_key UNIQUE (tenant_id, key);

ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_tenant_id_pledge_id_version_attempt_key UNIQUE (tenant_id, pledge_id, version, attempt);

ALTER TABLE ONLY public.conflict_of_interest
    ADD CONSTRAINT conflict_of_interest_pkey PRIMARY KEY (tenant_id, idea_id, account_id);

ALTER TABLE ONLY public.email_token
    ADD CONSTRAINT email_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_event
    ADD CONSTRAINT gateway_event_pkey PRIMARY KEY (tenant_id, provider, event_id);

ALTER TABLE ONLY public.idea_image
    ADD CONSTRAINT idea_image_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.idea_likeness
    ADD CONSTRAINT idea_likeness_pkey PRIMARY KEY (tenant_id, idea_id, version, other_id);

ALTER TABLE ONLY public.idea
    ADD CONSTRAINT idea_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.idea_score
    ADD CONSTRAINT idea_score_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.idea_score
    ADD CONSTRAINT idea_score_tenant_id_idea_id_version_model_hash_key UNIQUE (tenant_id, idea_id, version, model_hash);

ALTER TABLE ONLY public.idea_support
    ADD CONSTRAINT idea_support_pkey PRIMARY KEY (tenant_id, idea_id, account_id);

ALTER TABLE ONLY public.idea_transition
    ADD CONSTRAINT idea_transition_pkey PRIMARY KEY (tenant_id, idea_id, seq);

ALTER TABLE ONLY public.idea_version
    ADD CONSTRAINT idea_version_pkey PRIMARY KEY (tenant_id, idea_id, version);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (tenant_id, account_id, key);

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (tenant_id, transaction_id, seq);

ALTER TABLE ONLY public.ledger_transaction
    ADD CONSTRAINT ledger_transaction_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.ledger_transaction
    ADD CONSTRAINT ledger_transaction_tenant_id_reference_key UNIQUE (tenant_id, reference);

ALTER TABLE ONLY public.ledger_transaction
    ADD CONSTRAINT ledger_transaction_tenant_id_reverses_key UNIQUE (tenant_id, reverses);

ALTER TABLE ONLY public.mail_message
    ADD CONSTRAINT mail_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (tenant_id, account_id);

ALTER TABLE ONLY public.model_default
    ADD CONSTRAINT model_default_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.model_in_force
    ADD CONSTRAINT model_in_force_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY public.model_promotion
    ADD CONSTRAINT model_promotion_pkey PRIMARY KEY (tenant_id, seq);

ALTER TABLE ONLY public.picture_print
    ADD CONSTRAINT picture_print_pkey PRIMARY KEY (tenant_id, image_id);

ALTER TABLE ONLY public.pledge
    ADD CONSTRAINT pledge_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.pledge_transition
    ADD CONSTRAINT pledge_transition_pkey PRIMARY KEY (tenant_id, pledge_id, seq);

ALTER TABLE ONLY public.ranking_receipt
    ADD CONSTRAINT ranking_receipt_pkey PRIMARY KEY (tenant_id, snapshot_id, idea_id);

ALTER TABLE ONLY public.ranking_receipt
    ADD CONSTRAINT ranking_receipt_tenant_id_snapshot_id_rank_key UNIQUE (tenant_id, snapshot_id, rank);

ALTER TABLE ONLY public.ranking_snapshot
    ADD CONSTRAINT ranking_snapshot_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_tenant_id_charge_id_key UNIQUE (tenant_id, charge_id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_tenant_id_key_key UNIQUE (tenant_id, key);

ALTER TABLE ONLY public.review_assignment
    ADD CONSTRAINT review_assignment_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.review_assignment
    ADD CONSTRAINT review_assignment_tenant_id_round_id_idea_id_reviewer_id_key UNIQUE (tenant_id, round_id, idea_id, reviewer_id);

ALTER TABLE ONLY public.review_assignment_transition
    ADD CONSTRAINT review_assignment_transition_pkey PRIMARY KEY (tenant_id, assignment_id, seq);

ALTER TABLE ONLY public.review_decision
    ADD CONSTRAINT review_decision_pkey PRIMARY KEY (tenant_id, round_id, idea_id);

ALTER TABLE ONLY public.review_draft
    ADD CONSTRAINT review_draft_pkey PRIMARY KEY (tenant_id, assignment_id);

ALTER TABLE ONLY public.review_final
    ADD CONSTRAINT review_final_pkey PRIMARY KEY (tenant_id, assignment_id);

ALTER TABLE ONLY public.review_round_idea
    ADD CONSTRAINT review_round_idea_pkey PRIMARY KEY (tenant_id, round_id, idea_id);

ALTER TABLE ONLY public.review_round
    ADD CONSTRAINT review_round_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.review_round_transition
    ADD CONSTRAINT review_round_transition_pkey PRIMARY KEY (tenant_id, round_id, seq);

ALTER TABLE ONLY public.reward
    ADD CONSTRAINT reward_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.reward
    ADD CONSTRAINT reward_tenant_id_campaign_id_id_key UNIQUE (tenant_id, campaign_id, id);

ALTER TABLE ONLY public.reward
    ADD CONSTRAINT reward_tenant_id_campaign_id_position_key UNIQUE (tenant_id, campaign_id, "position");

ALTER TABLE ONLY public.river_job
    ADD CONSTRAINT river_job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.river_leader
    ADD CONSTRAINT river_leader_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.river_migration
    ADD CONSTRAINT river_migration_pkey1 PRIMARY KEY (line, version);

ALTER TABLE ONLY public.river_notification
    ADD CONSTRAINT river_notification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.river_queue
    ADD CONSTRAINT river_queue_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.screening_decision
    ADD CONSTRAINT screening_decision_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.state_rule
    ADD CONSTRAINT state_rule_pkey PRIMARY KEY (machine, from_state, to_state);

ALTER TABLE ONLY public.tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenant
    ADD CONSTRAINT tenant_slug_key UNIQUE (slug);

CREATE INDEX audit_event_subject ON public.audit_event USING btree (tenant_id, subject_id, at);

CREATE INDEX campaign_founder ON public.campaign USING btree (tenant_id, founder_id, created_at DESC);

CREATE INDEX campaign_list ON public.campaign USING btree (tenant_id, state, deadline);

CREATE UNIQUE INDEX campaign_of_idea ON public.campaign USING btree (tenant_id, idea_id) WHERE (state <> ALL (ARRAY['failed'::text, 'cancelled'::text]));

CREATE INDEX charge_campaign ON public.charge USING btree (tenant_id, campaign_id, created_at);

CREATE UNIQUE INDEX charge_once ON public.charge USING btree (tenant_id, pledge_id, version) WHERE (state = ANY (ARRAY['pending'::text, 'processing'::text, 'succeeded'::text]));

CREATE INDEX email_token_account ON public.email_token USING btree (account_id);

CREATE INDEX idea_call ON public.idea USING btree (tenant_id, call_id, submitted_at DESC, id DESC);

CREATE INDEX idea_founder ON public.idea USING btree (tenant_id, founder_id, updated_at DESC);

CREATE INDEX idea_image_idea ON public.idea_image USING btree (tenant_id, idea_id, "position");

CREATE INDEX idea_list ON public.idea USING btree (tenant_id, state, submitted_at DESC, id DESC);

CREATE INDEX idea_score_at ON public.idea_score USING btree (tenant_id, created_at);

CREATE INDEX idea_score_model ON public.idea_score USING btree (tenant_id, model_hash, idea_id, version);

CREATE INDEX idea_transition_at ON public.idea_transition USING btree (tenant_id, at);

CREATE INDEX ledger_entry_account ON public.ledger_entry USING btree (tenant_id, account, currency) INCLUDE (amount_minor);

CREATE INDEX ledger_transaction_campaign ON public.ledger_transaction USING btree (tenant_id, campaign_id, at);

CREATE INDEX mail_message_newest ON public.mail_message USING btree (created_at DESC);

CREATE INDEX picture_print_idea ON public.picture_print USING btree (tenant_id, idea_id);

CREATE INDEX pledge_backer ON public.pledge USING btree (tenant_id, backer_id, created_at DESC, id DESC);

CREATE INDEX pledge_campaign ON public.pledge USING btree (tenant_id, campaign_id, state);

CREATE UNIQUE INDEX pledge_one_open ON public.pledge USING btree (tenant_id, campaign_id, backer_id) WHERE (state = ANY (ARRAY['intent'::text, 'requires_action'::text, 'active'::text, 'collecting'::text, 'errored'::text, 'auth_required'::text, 'collected'::text, 'refund_pending'::text]));

CREATE INDEX pledge_reward ON public.pledge USING btree (tenant_id, reward_id) WHERE (state = ANY (ARRAY['intent'::text, 'requires_action'::text, 'active'::text, 'collecting'::text, 'errored'::text, 'auth_required'::text, 'collected'::text, 'refund_pending'::text]));

CREATE INDEX pledge_transition_tail ON public.pledge_transition USING btree (tenant_id, campaign_id, xid);

CREATE INDEX ranking_receipt_idea ON public.ranking_receipt USING btree (tenant_id, idea_id, snapshot_id DESC);

CREATE INDEX ranking_snapshot_newest ON public.ranking_snapshot USING btree (tenant_id, call_id, id DESC);

CREATE INDEX review_assignment_desk ON public.review_assignment USING btree (tenant_id, reviewer_id, due_at, id);

CREATE INDEX review_assignment_idea ON public.review_assignment USING btree (tenant_id, idea_id, state);

CREATE INDEX review_final_idea ON public.review_final USING btree (tenant_id, idea_id, at);

CREATE INDEX review_round_idea_idea ON public.review_round_idea USING btree (tenant_id, idea_id);

CREATE INDEX review_round_list ON public.review_round USING btree (tenant_id, created_at DESC, id DESC);

CREATE UNIQUE INDEX review_round_of_call ON public.review_round USING btree (tenant_id, call_id) WHERE (state <> 'published'::text);

CREATE INDEX river_job_args_index ON public.river_job USING gin (args);

CREATE INDEX river_job_kind ON public.river_job USING btree (kind);

CREATE INDEX river_job_metadata_index ON public.river_job USING gin (metadata);

CREATE INDEX river_job_prioritized_fetching_index ON public.river_job USING btree (state, queue, priority, scheduled_at, id);

CREATE INDEX river_job_state_and_finalized_at_index ON public.river_job USING btree (state, finalized_at) WHERE (finalized_at IS NOT NULL);

CREATE UNIQUE INDEX river_job_unique_idx ON public.river_job USING btree (unique_key) WHERE ((unique_key IS NOT NULL) AND (unique_states IS NOT NULL) AND public.river_job_state_in_bitmask(unique_states, state));

CREATE INDEX river_notification_created_at_idx ON public.river_notification USING btree (created_at);

CREATE INDEX river_notification_topic_id_idx ON public.river_notification USING btree (topic, id);

CREATE INDEX screening_decision_idea ON public.screening_decision USING btree (tenant_id, idea_id, at);

CREATE INDEX session_account ON public.session USING btree (account_id);

CREATE TRIGGER campaign_promises BEFORE UPDATE ON public.campaign FOR EACH ROW EXECUTE FUNCTION public.keep_campaign_promises();

CREATE TRIGGER campaign_state BEFORE INSERT OR UPDATE OF state ON public.campaign FOR EACH ROW EXECUTE FUNCTION public.check_transition('campaign', 'draft');

CREATE TRIGGER charge_state BEFORE INSERT OR UPDATE OF state ON public.charge FOR EACH ROW EXECUTE FUNCTION public.check_transition('charge', 'pending');

CREATE TRIGGER idea_state BEFORE INSERT OR UPDATE OF state ON public.idea FOR EACH ROW EXECUTE FUNCTION public.check_transition('idea', 'draft');

CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON public.ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.prove_ledger_balanced();

CREATE CONSTRAINT TRIGGER ledger_transaction_balanced AFTER INSERT ON public.ledger_transaction DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.prove_ledger_balanced();

CREATE TRIGGER pledge_state BEFORE INSERT OR UPDATE OF state ON public.pledge FOR EACH ROW EXECUTE FUNCTION public.check_transition('pledge', 'intent');

CREATE TRIGGER refund_state BEFORE INSERT OR UPDATE OF state ON public.refund FOR EACH ROW EXECUTE FUNCTION public.check_transition('refund', 'pending');

CREATE TRIGGER review_assignment_state BEFORE INSERT OR UPDATE OF state ON public.review_assignment FOR EACH ROW EXECUTE FUNCTION public.check_transition('review_assignment', 'proposed');

CREATE TRIGGER review_final_fixed BEFORE DELETE OR UPDATE ON public.review_final FOR EACH ROW EXECUTE FUNCTION public.keep_review_final();

CREATE TRIGGER review_round_state BEFORE INSERT OR UPDATE OF state ON public.review_round FOR EACH ROW EXECUTE FUNCTION public.check_transition('review_round', 'draft');

CREATE TRIGGER reward_promises BEFORE INSERT OR DELETE OR UPDATE ON public.reward FOR EACH ROW EXECUTE FUNCTION public.keep_reward_promises();

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.call
    ADD CONSTRAINT call_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.campaign_rollup
    ADD CONSTRAINT campaign_rollup_tenant_id_campaign_id_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES public.campaign(tenant_id, id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_tenant_id_founder_id_fkey FOREIGN KEY (tenant_id, founder_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.campaign_transition
    ADD CONSTRAINT campaign_transition_tenant_id_campaign_id_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES public.campaign(tenant_id, id);

ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_tenant_id_campaign_id_currency_fkey FOREIGN KEY (tenant_id, campaign_id, currency) REFERENCES public.campaign(tenant_id, id, currency);

ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_tenant_id_pledge_id_fkey FOREIGN KEY (tenant_id, pledge_id) REFERENCES public.pledge(tenant_id, id);

ALTER TABLE ONLY public.conflict_of_interest
    ADD CONSTRAINT conflict_of_interest_tenant_id_account_id_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.conflict_of_interest
    ADD CONSTRAINT conflict_of_interest_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.email_token
    ADD CONSTRAINT email_token_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.gateway_event
    ADD CONSTRAINT gateway_event_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.idea_image
    ADD CONSTRAINT idea_image_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.idea_likeness
    ADD CONSTRAINT idea_likeness_tenant_id_idea_id_version_fkey FOREIGN KEY (tenant_id, idea_id, version) REFERENCES public.idea_version(tenant_id, idea_id, version);

ALTER TABLE ONLY public.idea_likeness
    ADD CONSTRAINT idea_likeness_tenant_id_other_id_fkey FOREIGN KEY (tenant_id, other_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.idea_score
    ADD CONSTRAINT idea_score_tenant_id_idea_id_version_fkey FOREIGN KEY (tenant_id, idea_id, version) REFERENCES public.idea_version(tenant_id, idea_id, version);

ALTER TABLE ONLY public.idea_support
    ADD CONSTRAINT idea_support_tenant_id_account_id_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.idea_support
    ADD CONSTRAINT idea_support_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.idea
    ADD CONSTRAINT idea_tenant_id_call_id_fkey FOREIGN KEY (tenant_id, call_id) REFERENCES public.call(tenant_id, id);

ALTER TABLE ONLY public.idea
    ADD CONSTRAINT idea_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.idea
    ADD CONSTRAINT idea_tenant_id_founder_id_fkey FOREIGN KEY (tenant_id, founder_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.idea_transition
    ADD CONSTRAINT idea_transition_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.idea_version
    ADD CONSTRAINT idea_version_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES public.ledger_transaction(tenant_id, id);

ALTER TABLE ONLY public.ledger_transaction
    ADD CONSTRAINT ledger_transaction_tenant_id_campaign_id_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES public.campaign(tenant_id, id);

ALTER TABLE ONLY public.ledger_transaction
    ADD CONSTRAINT ledger_transaction_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.ledger_transaction
    ADD CONSTRAINT ledger_transaction_tenant_id_reverses_fkey FOREIGN KEY (tenant_id, reverses) REFERENCES public.ledger_transaction(tenant_id, id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.model_in_force
    ADD CONSTRAINT model_in_force_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.model_promotion
    ADD CONSTRAINT model_promotion_tenant_id_actor_id_fkey FOREIGN KEY (tenant_id, actor_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.model_promotion
    ADD CONSTRAINT model_promotion_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.picture_print
    ADD CONSTRAINT picture_print_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.picture_print
    ADD CONSTRAINT picture_print_tenant_id_image_id_fkey FOREIGN KEY (tenant_id, image_id) REFERENCES public.idea_image(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.pledge
    ADD CONSTRAINT pledge_tenant_id_backer_id_fkey FOREIGN KEY (tenant_id, backer_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.pledge
    ADD CONSTRAINT pledge_tenant_id_campaign_id_currency_fkey FOREIGN KEY (tenant_id, campaign_id, currency) REFERENCES public.campaign(tenant_id, id, currency);

ALTER TABLE ONLY public.pledge
    ADD CONSTRAINT pledge_tenant_id_campaign_id_reward_id_fkey FOREIGN KEY (tenant_id, campaign_id, reward_id) REFERENCES public.reward(tenant_id, campaign_id, id);

ALTER TABLE ONLY public.pledge_transition
    ADD CONSTRAINT pledge_transition_tenant_id_pledge_id_fkey FOREIGN KEY (tenant_id, pledge_id) REFERENCES public.pledge(tenant_id, id);

ALTER TABLE ONLY public.ranking_receipt
    ADD CONSTRAINT ranking_receipt_tenant_id_idea_id_fkey FOREIGN KEY (tenant_id, idea_id) REFERENCES public.idea(tenant_id, id);

ALTER TABLE ONLY public.ranking_receipt
    ADD CONSTRAINT ranking_receipt_tenant_id_snapshot_id_fkey FOREIGN KEY (tenant_id, snapshot_id) REFERENCES public.ranking_snapshot(tenant_id, id);

ALTER TABLE ONLY public.ranking_snapshot
    ADD CONSTRAINT ranking_snapshot_tenant_id_call_id_fkey FOREIGN KEY (tenant_id, call_id) REFERENCES public.call(tenant_id, id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_tenant_id_charge_id_fkey FOREIGN KEY (tenant_id, charge_id) REFERENCES public.charge(tenant_id, id);

ALTER TABLE ONLY public.review_assignment
    ADD CONSTRAINT review_assignment_tenant_id_reviewer_id_fkey FOREIGN KEY (tenant_id, reviewer_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.review_assignment
    ADD CONSTRAINT review_assignment_tenant_id_round_id_idea_id_fkey FOREIGN KEY (tenant_id, round_id, idea_id) REFERENCES public.review_round_idea(tenant_id, round_id, idea_id);

ALTER TABLE ONLY public.review_assignment_transition
    ADD CONSTRAINT review_assignment_transition_tenant_id_assignment_id_fkey FOREIGN KEY (tenant_id, assignment_id) REFERENCES public.review_assignment(tenant_id, id);

ALTER TABLE ONLY public.review_decision
    ADD CONSTRAINT review_decision_tenant_id_chair_id_fkey FOREIGN KEY (tenant_id, chair_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.review_decision
    ADD CONSTRAINT review_decision_tenant_id_round_id_idea_id_fkey FOREIGN KEY (tenant_id, round_id, idea_id) REFERENCES public.review_round_idea(tenant_id, round_id, idea_id);

ALTER TABLE ONLY public.review_draft
    ADD CONSTRAINT review_draft_tenant_id_assignment_id_fkey FOREIGN KEY (tenant_id, assignment_id) REFERENCES public.review_assignment(tenant_id, id);

ALTER TABLE ONLY public.review_final
    ADD CONSTRAINT review_final_tenant_id_assignment_id_fkey FOREIGN KEY (tenant_id, assignment_id) REFERENCES public.review_assignment(tenant_id, id);

ALTER TABLE ONLY public.review_final
    ADD CONSTRAINT review_final_tenant_id_idea_id_version_fkey FOREIGN KEY (tenant_id, idea_id, version) REFERENCES public.idea_version(tenant_id, idea_id, version);

ALTER TABLE ONLY public.review_final
    ADD CONSTRAINT review_final_tenant_id_round_id_idea_id_fkey FOREIGN KEY (tenant_id, round_id, idea_id) REFERENCES public.review_round_idea(tenant_id, round_id, idea_id);

ALTER TABLE ONLY public.review_round_idea
    ADD CONSTRAINT review_round_idea_tenant_id_idea_id_version_fkey FOREIGN KEY (tenant_id, idea_id, version) REFERENCES public.idea_version(tenant_id, idea_id, version);

ALTER TABLE ONLY public.review_round_idea
    ADD CONSTRAINT review_round_idea_tenant_id_round_id_fkey FOREIGN KEY (tenant_id, round_id) REFERENCES public.review_round(tenant_id, id);

ALTER TABLE ONLY public.review_round
    ADD CONSTRAINT review_round_tenant_id_call_id_fkey FOREIGN KEY (tenant_id, call_id) REFERENCES public.call(tenant_id, id);

ALTER TABLE ONLY public.review_round
    ADD CONSTRAINT review_round_tenant_id_chair_id_fkey FOREIGN KEY (tenant_id, chair_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.review_round
    ADD CONSTRAINT review_round_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenant(id);

ALTER TABLE ONLY public.review_round_transition
    ADD CONSTRAINT review_round_transition_tenant_id_round_id_fkey FOREIGN KEY (tenant_id, round_id) REFERENCES public.review_round(tenant_id, id);

ALTER TABLE ONLY public.reward
    ADD CONSTRAINT reward_tenant_id_campaign_id_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES public.campaign(tenant_id, id);

ALTER TABLE ONLY public.screening_decision
    ADD CONSTRAINT screening_decision_tenant_id_idea_id_version_fkey FOREIGN KEY (tenant_id, idea_id, version) REFERENCES public.idea_version(tenant_id, idea_id, version);

ALTER TABLE ONLY public.screening_decision
    ADD CONSTRAINT screening_decision_tenant_id_moderator_id_fkey FOREIGN KEY (tenant_id, moderator_id) REFERENCES public.membership(tenant_id, account_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE public.audit_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaign ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaign_rollup ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaign_transition ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.charge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.conflict_of_interest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idea ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idea_image ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idea_likeness ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idea_score ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idea_support ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idea_transition ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idea_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_transaction ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.membership ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.model_in_force ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.model_promotion ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.picture_print ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pledge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pledge_transition ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ranking_receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ranking_snapshot ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.refund ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_assignment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_assignment_transition ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_decision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_draft ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_final ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_round ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_round_idea ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_round_transition ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reward ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.river_job ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.screening_decision ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON public.audit_event USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.call USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.campaign USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.campaign_rollup USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.campaign_transition USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.charge USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.conflict_of_interest USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.gateway_event USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idea USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idea_image USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idea_likeness USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idea_score USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idea_support USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idea_transition USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idea_version USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.idempotency_key USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.ledger_entry USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.ledger_transaction USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.membership USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.model_in_force USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.model_promotion USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.picture_print USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.pledge USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.pledge_transition USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.ranking_receipt USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.ranking_snapshot USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.refund USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_assignment USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_assignment_transition USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_decision USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_draft USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_final USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_round USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_round_idea USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.review_round_transition USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.reward USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY tenant ON public.river_job TO globalbrain_app USING ((((args -> 'tenant'::text) IS NULL) OR (((args ->> 'tenant'::text))::bigint = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")))) WITH CHECK ((((args -> 'tenant'::text) IS NULL) OR (((args ->> 'tenant'::text))::bigint = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))));

CREATE POLICY tenant ON public.screening_decision USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY work ON public.river_job TO globalbrain_jobs USING (true) WITH CHECK (true);

GRANT USAGE ON SCHEMA public TO globalbrain_app;
GRANT USAGE ON SCHEMA public TO globalbrain_jobs;
GRANT USAGE ON SCHEMA public TO globalbrain_audit;

REVOKE ALL ON FUNCTION public.protect_tenant_table(t regclass, app_rights text) FROM PUBLIC;

GRANT SELECT,INSERT ON TABLE public.account TO globalbrain_app;

GRANT UPDATE(name) ON TABLE public.account TO globalbrain_app;

GRANT UPDATE(password_hash) ON TABLE public.account TO globalbrain_app;

GRANT UPDATE(locale) ON TABLE public.account TO globalbrain_app;

GRANT UPDATE(email_verified_at) ON TABLE public.account TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.audit_event TO globalbrain_app;
GRANT SELECT ON TABLE public.audit_event TO globalbrain_audit;

GRANT SELECT,INSERT,UPDATE ON TABLE public.call TO globalbrain_app;
GRANT SELECT ON TABLE public.call TO globalbrain_audit;

GRANT SELECT,INSERT,UPDATE ON TABLE public.campaign TO globalbrain_app;
GRANT SELECT ON TABLE public.campaign TO globalbrain_audit;

GRANT SELECT,INSERT,UPDATE ON TABLE public.campaign_rollup TO globalbrain_app;
GRANT SELECT ON TABLE public.campaign_rollup TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.campaign_transition TO globalbrain_app;
GRANT SELECT ON TABLE public.campaign_transition TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.charge TO globalbrain_app;
GRANT SELECT ON TABLE public.charge TO globalbrain_audit;

GRANT UPDATE(state) ON TABLE public.charge TO globalbrain_app;

GRANT UPDATE(gateway_ref) ON TABLE public.charge TO globalbrain_app;

GRANT UPDATE(fee_minor) ON TABLE public.charge TO globalbrain_app;

GRANT UPDATE(decline) ON TABLE public.charge TO globalbrain_app;

GRANT UPDATE(code) ON TABLE public.charge TO globalbrain_app;

GRANT UPDATE(settled_at) ON TABLE public.charge TO globalbrain_app;

GRANT UPDATE(retry_at) ON TABLE public.charge TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.conflict_of_interest TO globalbrain_app;
GRANT SELECT ON TABLE public.conflict_of_interest TO globalbrain_audit;

GRANT SELECT,INSERT,UPDATE ON TABLE public.email_token TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.gateway_event TO globalbrain_app;
GRANT SELECT ON TABLE public.gateway_event TO globalbrain_audit;

GRANT UPDATE(handled_at) ON TABLE public.gateway_event TO globalbrain_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.idea TO globalbrain_app;
GRANT SELECT ON TABLE public.idea TO globalbrain_audit;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idea_image TO globalbrain_app;
GRANT SELECT ON TABLE public.idea_image TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.idea_likeness TO globalbrain_app;
GRANT SELECT ON TABLE public.idea_likeness TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.idea_score TO globalbrain_app;
GRANT SELECT ON TABLE public.idea_score TO globalbrain_audit;

GRANT SELECT,INSERT,DELETE ON TABLE public.idea_support TO globalbrain_app;
GRANT SELECT ON TABLE public.idea_support TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.idea_transition TO globalbrain_app;
GRANT SELECT ON TABLE public.idea_transition TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.idea_version TO globalbrain_app;
GRANT SELECT ON TABLE public.idea_version TO globalbrain_audit;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_key TO globalbrain_app;
GRANT SELECT ON TABLE public.idempotency_key TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.ledger_entry TO globalbrain_app;
GRANT SELECT ON TABLE public.ledger_entry TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.ledger_transaction TO globalbrain_app;
GRANT SELECT ON TABLE public.ledger_transaction TO globalbrain_audit;

GRANT SELECT,INSERT,UPDATE ON TABLE public.mail_message TO globalbrain_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.membership TO globalbrain_app;
GRANT SELECT ON TABLE public.membership TO globalbrain_audit;

GRANT SELECT ON TABLE public.model_default TO globalbrain_app;
GRANT SELECT ON TABLE public.model_default TO globalbrain_audit;

GRANT SELECT,INSERT,UPDATE ON TABLE public.model_in_force TO globalbrain_app;
GRANT SELECT ON TABLE public.model_in_force TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.model_promotion TO globalbrain_app;
GRANT SELECT ON TABLE public.model_promotion TO globalbrain_audit;

GRANT SELECT,INSERT,UPDATE ON TABLE public.picture_print TO globalbrain_app;
GRANT SELECT ON TABLE public.picture_print TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.pledge TO globalbrain_app;
GRANT SELECT ON TABLE public.pledge TO globalbrain_audit;

GRANT UPDATE(state) ON TABLE public.pledge TO globalbrain_app;

GRANT UPDATE(setup_no) ON TABLE public.pledge TO globalbrain_app;

GRANT UPDATE(setup_ref) ON TABLE public.pledge TO globalbrain_app;

GRANT UPDATE(setup_url) ON TABLE public.pledge TO globalbrain_app;

GRANT UPDATE(payment_method) ON TABLE public.pledge TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.pledge_transition TO globalbrain_app;
GRANT SELECT ON TABLE public.pledge_transition TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.ranking_receipt TO globalbrain_app;
GRANT SELECT ON TABLE public.ranking_receipt TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.ranking_snapshot TO globalbrain_app;
GRANT SELECT ON TABLE public.ranking_snapshot TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.refund TO globalbrain_app;
GRANT SELECT ON TABLE public.refund TO globalbrain_audit;

GRANT UPDATE(state) ON TABLE public.refund TO globalbrain_app;

GRANT UPDATE(gateway_ref) ON TABLE public.refund TO globalbrain_app;

GRANT UPDATE(settled_at) ON TABLE public.refund TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.review_assignment TO globalbrain_app;
GRANT SELECT ON TABLE public.review_assignment TO globalbrain_audit;

GRANT UPDATE(state) ON TABLE public.review_assignment TO globalbrain_app;

GRANT UPDATE(invited_at) ON TABLE public.review_assignment TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.review_assignment_transition TO globalbrain_app;
GRANT SELECT ON TABLE public.review_assignment_transition TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.review_decision TO globalbrain_app;
GRANT SELECT ON TABLE public.review_decision TO globalbrain_audit;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.review_draft TO globalbrain_app;
GRANT SELECT ON TABLE public.review_draft TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.review_final TO globalbrain_app;
GRANT SELECT ON TABLE public.review_final TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.review_round TO globalbrain_app;
GRANT SELECT ON TABLE public.review_round TO globalbrain_audit;

GRANT UPDATE(state) ON TABLE public.review_round TO globalbrain_app;

GRANT UPDATE(published_at) ON TABLE public.review_round TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.review_round_idea TO globalbrain_app;
GRANT SELECT ON TABLE public.review_round_idea TO globalbrain_audit;

GRANT SELECT,INSERT ON TABLE public.review_round_transition TO globalbrain_app;
GRANT SELECT ON TABLE public.review_round_transition TO globalbrain_audit;

GRANT SELECT,INSERT,DELETE ON TABLE public.reward TO globalbrain_app;
GRANT SELECT ON TABLE public.reward TO globalbrain_audit;

GRANT UPDATE("position") ON TABLE public.reward TO globalbrain_app;

GRANT SELECT,INSERT ON TABLE public.river_job TO globalbrain_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.river_job TO globalbrain_jobs;

GRANT UPDATE(kind) ON TABLE public.river_job TO globalbrain_app;

GRANT USAGE ON SEQUENCE public.river_job_id_seq TO globalbrain_app;
GRANT USAGE ON SEQUENCE public.river_job_id_seq TO globalbrain_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.river_leader TO globalbrain_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.river_migration TO globalbrain_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.river_notification TO globalbrain_jobs;

GRANT USAGE ON SEQUENCE public.river_notification_id_seq TO globalbrain_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.river_queue TO globalbrain_jobs;

GRANT SELECT ON TABLE public.schema_migrations TO globalbrain_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.schema_migrations TO globalbrain_jobs;

GRANT SELECT,INSERT ON TABLE public.screening_decision TO globalbrain_app;
GRANT SELECT ON TABLE public.screening_decision TO globalbrain_audit;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO globalbrain_app;

GRANT SELECT ON TABLE public.state_rule TO globalbrain_app;
GRANT SELECT ON TABLE public.state_rule TO globalbrain_audit;
GRANT SELECT ON TABLE public.state_rule TO globalbrain_jobs;

GRANT SELECT ON TABLE public.tenant TO globalbrain_app;
GRANT SELECT ON TABLE public.tenant TO globalbrain_audit;
GRANT SELECT ON TABLE public.tenant TO globalbrain_jobs;

GRANT USAGE ON SEQUENCE public.tenant_id_seq TO globalbrain_jobs;
