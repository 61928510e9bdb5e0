drop index idea_score_at;
drop index idea_transition_at;
drop table idea_likeness;
