-- Back to the newest score counting, whichever model gave it.
drop index idea_score_model;
drop table model_in_force, model_promotion, model_default;
