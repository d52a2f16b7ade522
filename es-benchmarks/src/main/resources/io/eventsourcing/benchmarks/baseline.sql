-- What the library is measured against. Do not change this file: figures of different versions are compared by it.
create schema baseline;

create table baseline.event (
    position       bigint generated always as identity primary key,
    tenant         text not null,
    stream_type    text not null,
    stream_id      text not null,
    version        bigint not null,
    event_id       uuid not null,
    type           text not null,
    schema_version int not null,
    payload        jsonb not null,
    metadata       jsonb not null,
    recorded_at    timestamptz not null default clock_timestamp(),
    unique (tenant, stream_type, stream_id, version)
);
