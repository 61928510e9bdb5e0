drop table picture_print;
