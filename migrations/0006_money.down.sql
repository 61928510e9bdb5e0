drop table ledger_entry, ledger_transaction, gateway_event, refund, charge, campaign_rollup, pledge_transition, pledge, reward, campaign_transition, campaign;
drop function prove_ledger_balanced(), keep_reward_promises(), keep_campaign_promises();
delete from state_rule where machine in ('campaign', 'pledge', 'charge', 'refund');
