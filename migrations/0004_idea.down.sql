drop table screening_decision, idea_score, idea_image, idea_transition, idea_version, idea, call;
delete from state_rule where machine = 'idea';
