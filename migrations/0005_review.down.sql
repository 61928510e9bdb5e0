drop table ranking_receipt, ranking_snapshot, idea_support, conflict_of_interest, review_final, review_draft,
  review_assignment_transition, review_assignment, review_decision, review_round_idea, review_round_transition, review_round;
drop function keep_review_final();
delete from state_rule where machine in ('review_round', 'review_assignment');
