create table customer (name text primary key);
