-- The tables of the event store. The tenant leads every key, so that no key tells whether another tenant's row exists.
-- Key columns compare bytes (collate "C"): ids are exact, and an upgrade of the system's collations cannot corrupt an index.

create table "${schema}".event (
    position       bigint generated always as identity (cache 1) primary key,
    tenant         text collate "C" not null,
    stream_type    text collate "C" not null,
    stream_id      text collate "C" not null,
    version        bigint not null,
    event_id       uuid not null,
    type           text collate "C" not null,
    schema_version int not null,
    payload        jsonb not null,
    codec          text,
    metadata       jsonb not null,
    tags           text[] not null,
    recorded_at    timestamptz not null,
    unique (tenant, stream_type, stream_id, version),
    unique (tenant, event_id)
);

-- per-tenant reads of the log: by position alone, row-level security would filter row by row
create index event_tenant_position on "${schema}".event (tenant, position);

comment on column "${schema}".event.codec is
    'the payload codec whose output the payload is, as a Base64 string; null where the payload is plain JSON';

-- One row for each tag of each event: a B-tree, because GIN is slower to write and not usable under row-level security.
create table "${schema}".event_tag (
    tenant   text collate "C" not null,
    tag      text collate "C" not null,
    position bigint not null,
    primary key (tenant, tag, position)
);

-- Streams that accept no events: archived ones, and the tombstones of deleted ones.
create table "${schema}".closed_stream (
    tenant      text collate "C" not null,
    stream_type text collate "C" not null,
    stream_id   text collate "C" not null,
    status      text not null check (status in ('archived', 'deleted')),
    version     bigint not null,
    closed_at   timestamptz not null,
    primary key (tenant, stream_type, stream_id)
);

-- The latest snapshot of each state type and schema version, so that old and new nodes keep theirs side by side.
create table "${schema}".snapshot (
    tenant         text collate "C" not null,
    stream_type    text collate "C" not null,
    stream_id      text collate "C" not null,
    type           text collate "C" not null,
    schema_version int not null,
    version        bigint not null check (version > 0),
    state          jsonb not null,
    codec          text,
    taken_at       timestamptz not null,
    primary key (tenant, stream_type, stream_id, type, schema_version)
);

-- A transaction sees the rows of the tenant that it has set, and none if it has set none. FORCE: the owner as well.
-- The scalar subquery is evaluated once a statement, and leaves the comparison usable as an index condition.
alter table "${schema}".event enable row level security;
alter table "${schema}".event force row level security;
create policy of_tenant on "${schema}".event
    using (tenant = (select current_setting('eventsourcing.tenant', true)))
    with check (tenant = current_setting('eventsourcing.tenant', true));

alter table "${schema}".event_tag enable row level security;
alter table "${schema}".event_tag force row level security;
create policy of_tenant on "${schema}".event_tag
    using (tenant = (select current_setting('eventsourcing.tenant', true)));

alter table "${schema}".closed_stream enable row level security;
alter table "${schema}".closed_stream force row level security;
create policy of_tenant on "${schema}".closed_stream
    using (tenant = (select current_setting('eventsourcing.tenant', true)));

alter table "${schema}".snapshot enable row level security;
alter table "${schema}".snapshot force row level security;
create policy of_tenant on "${schema}".snapshot
    using (tenant = (select current_setting('eventsourcing.tenant', true)));

-- Draw one position: on a sequence that was never called, the first append would have nothing to register with, and a
-- reader of the log would lose its event.
do $$
begin
    perform nextval('"${schema}".event_position_seq');
end
$$;
