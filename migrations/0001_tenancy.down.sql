revoke select on schema_migrations from globalbrain_app, globalbrain_jobs;
drop table idempotency_key, audit_event, membership, mail_message, email_token, session, account, tenant, state_rule;
drop function check_transition();
drop function protect_tenant_table(regclass, text);
revoke usage on schema public from globalbrain_app, globalbrain_jobs, globalbrain_audit;
grant create on schema public to public;
