-- What projections share between nodes. It belongs to no tenant and holds no data of one, so privileges alone say who may see and change it.

create table "${schema}".projection (
    name      text collate "C" primary key,
    is_paused boolean not null default false
);

create table "${schema}".projection_generation (
    projection  text collate "C" not null references "${schema}".projection (name),
    number      int not null check (number > 0),
    version     int not null check (version > 0),
    is_inline   boolean not null,
    state       text not null check (state in ('building', 'live', 'closed', 'retired', 'dropped')),
    changed_at  timestamptz not null,
    primary key (projection, number)
);

comment on column "${schema}".projection_generation.state is
    'building: in tables beside; live: in the tables that applications know; closed: the same, but unchanging; retired: replaced; dropped';

create unique index projection_generation_building on "${schema}".projection_generation (projection) where state = 'building';
create unique index projection_generation_current on "${schema}".projection_generation (projection) where state in ('live', 'closed');

-- Up to which version a generation of an inline projection has the events of a stream: an append that handled them in its transaction, and
-- the subscription that follows, tell each other by it. Who changes the rows of a stream locks its row here first. Updated again and
-- again, so there is room on each page for the next version of its rows.
create table "${schema}".applied_stream (
    projection  text collate "C" not null,
    generation  int not null,
    tenant      text collate "C" not null,
    stream_type text collate "C" not null,
    stream_id   text collate "C" not null,
    version     bigint not null check (version >= 0),
    primary key (tenant, projection, generation, stream_type, stream_id)
) with (fillfactor = 50);

alter table "${schema}".applied_stream enable row level security;
alter table "${schema}".applied_stream force row level security;
create policy of_tenant on "${schema}".applied_stream
    using (tenant = (select current_setting('eventsourcing.tenant', true)))
    with check (tenant = current_setting('eventsourcing.tenant', true));

-- The key of the lock that batches of a projection hold together, and that is held alone by who changes the state of a generation.
create function "${schema}".projection_key(p_projection text) returns int
    language sql immutable parallel safe
return hashtext(p_projection);

-- Begins a batch, until the end of the transaction: it writes the rows of all tenants, and no generation changes its state, nor a table its
-- name. The state is read in a new statement, after the lock: who waited for a change sees it. Rows are found by their keys, also while
-- the statistics say that a table is small.
create function "${schema}".begin_batch(p_projection text, p_number int, out version int, out state text)
    language plpgsql volatile
as $$
#variable_conflict use_column
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    if set_config('enable_seqscan', 'off', true) is null then end if;
    if pg_advisory_xact_lock_shared(
            '"${schema}".projection_generation'::regclass::oid::int, "${schema}".projection_key(p_projection)) is null then end if;
    select g.version, g.state into version, state
    from "${schema}".projection_generation g where g.projection = p_projection and g.number = p_number;
end
$$;

-- Begins a batch of the live generation in the transaction of an append, which has set its tenant. Answers nothing if it is for others to
-- handle events now.
create function "${schema}".begin_inline(p_projection text) returns table (number int, version int)
    language plpgsql volatile
as $$
#variable_conflict use_column
begin
    perform pg_advisory_xact_lock_shared(
        '"${schema}".projection_generation'::regclass::oid::int, "${schema}".projection_key(p_projection));
    return query
        select g.number, g.version
        from "${schema}".projection_generation g join "${schema}".projection p on p.name = g.projection
        where g.projection = p_projection and g.state = 'live' and g.is_inline and not p.is_paused;
end
$$;

-- Up to which version a generation has the events of streams, in their order; 0 if it has none.
create function "${schema}".applied_streams(
    p_projection text, p_generation int, p_tenants text[], p_types text[], p_ids text[]) returns bigint[]
    language sql volatile
as $$
    select coalesce(array_agg(coalesce(a.version, 0) order by k.place), '{}')
    from unnest(p_tenants, p_types, p_ids) with ordinality as k (tenant, stream_type, stream_id, place)
    left join "${schema}".applied_stream a
        on a.tenant = k.tenant and a.projection = p_projection and a.generation = p_generation
        and a.stream_type = k.stream_type and a.stream_id = k.stream_id
$$;

-- The same for who is about to change the rows of these streams: nobody else does until the transaction ends. All lock in the same order.
create function "${schema}".lock_applied_streams(
    p_projection text, p_generation int, p_tenants text[], p_types text[], p_ids text[]) returns bigint[]
    language plpgsql volatile
as $$
#variable_conflict use_column
begin
    insert into "${schema}".applied_stream (projection, generation, tenant, stream_type, stream_id, version)
    select p_projection, p_generation, k.tenant, k.stream_type, k.stream_id, 0
    from unnest(p_tenants, p_types, p_ids) as k (tenant, stream_type, stream_id)
    order by k.tenant, k.stream_type, k.stream_id
    on conflict do nothing;
    perform a.version
    from (select k.* from unnest(p_tenants, p_types, p_ids) as k (tenant, stream_type, stream_id)
          order by k.tenant, k.stream_type, k.stream_id) k
    cross join lateral (
        select a.version from "${schema}".applied_stream a
        where a.tenant = k.tenant and a.projection = p_projection and a.generation = p_generation
          and a.stream_type = k.stream_type and a.stream_id = k.stream_id
        for update) a;
    -- a new statement, which sees what those have committed who were waited for
    return "${schema}".applied_streams(p_projection, p_generation, p_tenants, p_types, p_ids);
end
$$;

create function "${schema}".apply_streams(
    p_projection text, p_generation int, p_tenants text[], p_types text[], p_ids text[], p_versions bigint[]) returns void
    language sql volatile
as $$
    update "${schema}".applied_stream a set version = k.version
    from unnest(p_tenants, p_types, p_ids, p_versions) as k (tenant, stream_type, stream_id, version)
    where a.tenant = k.tenant and a.projection = p_projection and a.generation = p_generation
      and a.stream_type = k.stream_type and a.stream_id = k.stream_id
$$;

-- Forgets what no generation needs any more.
create function "${schema}".forget_streams(p_projection text) returns void
    language plpgsql volatile
as $$
begin
    perform set_config('eventsourcing.all_tenants', 'on', true);
    delete from "${schema}".applied_stream a
    using "${schema}".projection_generation g
    where g.projection = p_projection and g.state = 'dropped' and g.is_inline
      and a.projection = g.projection and a.generation = g.number;
end
$$;

-- Adds a generation, unless there is one that is newer or as new, or one is being built already where another is asked for. Answers
-- its number; null if none was added. The row of the projection is locked, so that nodes that start together add one.
create function "${schema}".add_generation(p_projection text, p_version int, p_is_inline boolean, p_is_rebuild boolean) returns int
    language plpgsql volatile
as $$
#variable_conflict use_column
declare
    newest  record;
    current int;
begin
    insert into "${schema}".projection (name) values (p_projection) on conflict (name) do nothing;
    perform from "${schema}".projection p where p.name = p_projection for update;
    select coalesce(max(g.number), 0) as number, coalesce(max(g.version), 0) as version,
           bool_or(g.state = 'building') as is_building, bool_or(g.state in ('live', 'closed')) as is_live
    into newest
    from "${schema}".projection_generation g where g.projection = p_projection;
    if p_is_rebuild and (newest.is_building or newest.version > p_version) or not p_is_rebuild and newest.version >= p_version then
        return null;
    end if;
    update "${schema}".projection_generation g set state = 'retired', changed_at = clock_timestamp()
    where g.projection = p_projection and g.state = 'building';
    insert into "${schema}".projection_generation (projection, number, version, is_inline, state, changed_at)
    values (p_projection, newest.number + 1, p_version, p_is_inline, case when newest.is_live then 'building' else 'live' end,
            clock_timestamp());
    return newest.number + 1;
end
$$;

-- What follows waits for the batches of a projection, and keeps new ones from beginning, until the end of the transaction. Nobody is waited
-- for longer than p_lock_millis, because readers and batches wait behind it meanwhile; then the answer is false, and nothing has changed.
-- Batches lock tables before checkpoints, and these locks come before both.
create function "${schema}".stop_batches(p_projection text, p_lock_millis int) returns boolean
    language plpgsql volatile
as $$
begin
    perform set_config('lock_timeout', p_lock_millis || 'ms', true);
    perform pg_advisory_xact_lock(
        '"${schema}".projection_generation'::regclass::oid::int, "${schema}".projection_key(p_projection));
    return true;
exception when lock_not_available then
    return false;
end
$$;

create function "${schema}".change_generation(p_projection text, p_number int, p_from text, p_to text, p_lock_millis int) returns boolean
    language plpgsql volatile
as $$
begin
    if not "${schema}".stop_batches(p_projection, p_lock_millis) then
        return false;
    end if;
    update "${schema}".projection_generation g set state = p_to, changed_at = clock_timestamp()
    where g.projection = p_projection and g.number = p_number and g.state = p_from;
    return true;
end
$$;

-- Puts the tables that generation p_number has built in the place of those of the closed one, which keep their number as a suffix. By the
-- owner of the tables. Readers that wait for the lock look the name up again when they have it, and find the new table.
create function "${schema}".replace_tables(
    p_projection text, p_number bigint, p_schema text, p_tables text[], p_lock_millis int) returns boolean
    language plpgsql volatile
as $$
declare
    replaced    int;
    known_table text;
begin
    if not "${schema}".stop_batches(p_projection, p_lock_millis) then
        return false;
    end if;
    select g.number into replaced
    from "${schema}".projection_generation g where g.projection = p_projection and g.state = 'closed';
    if replaced is null or not exists (
            select from "${schema}".projection_generation g
            where g.projection = p_projection and g.number = p_number and g.state = 'building') then
        return true; -- somebody else was faster
    end if;
    begin
        foreach known_table in array p_tables loop
            execute format('lock table %1$I.%2$I, %1$I.%3$I in access exclusive mode',
                p_schema, known_table, known_table || '__' || p_number);
        end loop;
    exception when lock_not_available then
        return false;
    end;
    foreach known_table in array p_tables loop
        execute format('alter table %I.%I rename to %I', p_schema, known_table, known_table || '__' || replaced);
        execute format('alter table %I.%I rename to %I', p_schema, known_table || '__' || p_number, known_table);
    end loop;
    update "${schema}".projection_generation g set state = 'retired', changed_at = clock_timestamp()
    where g.projection = p_projection and g.number = replaced;
    update "${schema}".projection_generation g set state = 'live', changed_at = clock_timestamp()
    where g.projection = p_projection and g.number = p_number;
    return true;
end
$$;

-- Empties the tables of the live generation, for another one that begins with them. By the owner of the tables.
create function "${schema}".empty_tables(
    p_projection text, p_number bigint, p_schema text, p_tables text[], p_lock_millis int) returns boolean
    language plpgsql volatile
as $$
declare
    known_table text;
begin
    if not "${schema}".stop_batches(p_projection, p_lock_millis) then
        return false;
    end if;
    if not exists (select from "${schema}".projection_generation g
                   where g.projection = p_projection and g.number = p_number and g.state = 'live') then
        return true; -- somebody else was faster
    end if;
    begin
        foreach known_table in array p_tables loop
            execute format('truncate table %I.%I', p_schema, known_table);
        end loop;
    exception when lock_not_available then
        return false;
    end;
    update "${schema}".projection_generation g set state = 'dropped', changed_at = clock_timestamp()
    where g.projection = p_projection and g.number = p_number;
    insert into "${schema}".projection_generation (projection, number, version, is_inline, state, changed_at)
    select p_projection, max(g.number) + 1, max(g.version) filter (where g.number = p_number),
           bool_or(g.is_inline) filter (where g.number = p_number), 'live', clock_timestamp()
    from "${schema}".projection_generation g where g.projection = p_projection;
    return true;
end
$$;

-- Drops the tables of generations that were replaced so long ago, or were given up; answers whether there were some. By the owner of the tables.
create function "${schema}".drop_tables(
    p_projection text, p_retired_millis bigint, p_schema text, p_tables text[], p_lock_millis int) returns boolean
    language plpgsql volatile
as $$
declare
    retired     record;
    known_table text;
    has_dropped boolean := false;
begin
    perform set_config('lock_timeout', p_lock_millis || 'ms', true);
    for retired in
        select g.number from "${schema}".projection_generation g
        where g.projection = p_projection and g.state = 'retired'
          and g.changed_at <= clock_timestamp() - p_retired_millis * interval '1 millisecond'
        for update skip locked
    loop
        foreach known_table in array p_tables loop
            execute format('drop table if exists %I.%I', p_schema, known_table || '__' || retired.number);
        end loop;
        update "${schema}".projection_generation g set state = 'dropped', changed_at = clock_timestamp()
        where g.projection = p_projection and g.number = retired.number;
        has_dropped := true;
    end loop;
    return has_dropped;
exception when lock_not_available then
    return false;
end
$$;

create or replace function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.13';
