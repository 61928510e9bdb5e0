drop table if exists river_notification, river_client_queue, river_client, river_queue, river_leader, river_job, river_migration cascade;
drop function if exists river_job_notify();
drop function if exists river_job_state_in_bitmask;
drop type if exists river_job_state;
