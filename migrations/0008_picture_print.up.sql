-- What a picture measures, and the hash by which pictures that look nearly the
-- same are found. It is a table of its own because finding them reads every row
-- of a tenant: a row of 160 bytes here, against one of idea_image with a picture
-- in it. Old pictures get their rows from the worker, which measures whatever
-- has none of the newest definition.
create table picture_print (
  tenant_id     bigint not null,
  image_id      uuid not null,
  idea_id       uuid not null, -- of the picture, so that the search needs no join to leave it out
  definition    int not null,  -- picture.Definition that the numbers follow
  sharpness     float8 not null check (sharpness >= 0),
  brightness    float8 not null check (brightness between 0 and 1),
  contrast      float8 not null check (contrast between 0 and 1),
  colourfulness float8 not null check (colourfulness >= 0),
  saturation    float8 not null check (saturation between 0 and 1),
  entropy       float8 not null check (entropy between 0 and 8),
  flat          float8 not null check (flat between 0 and 1),
  hash          bit(128), -- null: too even to be told from another picture
  primary key (tenant_id, image_id),
  -- A print goes with its picture.
  foreign key (tenant_id, image_id) references idea_image (tenant_id, id) on delete cascade,
  foreign key (tenant_id, idea_id) references idea (tenant_id, id)
);
create index picture_print_idea on picture_print (tenant_id, idea_id); -- the pictures of the idea at hand
select protect_tenant_table('picture_print', 'select, insert, update');
