-- Loads a page of a stream, oldest first, together with what the stream is like now. There is always at least one row: its
-- event columns are null where the page is empty.
--
-- With a state type, the page starts after the latest snapshot whose schema version can be read, and the snapshot comes with
-- it. A page ends after p_limit events, or when it holds p_max_bytes of payload and metadata, whichever comes first, but never before one
-- event: memory stays bounded whatever the size of the events.
create function "${schema}".load_stream(
    p_tenant text, p_stream_type text, p_stream_id text,
    p_from bigint, p_to bigint, p_limit int, p_max_bytes bigint,
    p_state_type text, p_state_schema_versions int[])
    returns table (
        latest_version bigint, deleted boolean,
        state_version bigint, state_schema_version int, state text, state_codec text,
        "position" bigint, version bigint, event_id uuid, type text, schema_version int,
        payload text, codec text, metadata text, tags text[], recorded_at timestamptz)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
#variable_conflict use_column
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    latest   bigint;
    snapshot "${schema}".snapshot;
    first    bigint;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;

    select v.version into latest from "${schema}".latest_version(p_tenant, p_stream_type, p_stream_id) v;

    if p_state_type is not null then
        select s.* into snapshot
        from "${schema}".snapshot s
        where s.tenant = p_tenant and s.stream_type = p_stream_type and s.stream_id = p_stream_id
          and s.type = p_state_type and s.schema_version = any (p_state_schema_versions) and s.version <= latest
        order by s.version desc, s.schema_version desc limit 1;
    end if;

    -- computed before: under row-level security an expression with COALESCE counts as leaky, so that it would filter row
    -- by row from the first event on instead of being an index condition
    first := coalesce(snapshot.version + 1, p_from);

    return query
    select coalesce(latest, 0),
           latest is null and exists (
               select from "${schema}".closed_stream c
               where c.tenant = p_tenant and c.stream_type = p_stream_type and c.stream_id = p_stream_id
                 and c.status = 'deleted'),
           snapshot.version, snapshot.schema_version, snapshot.state::text, snapshot.codec,
           p.position, p.version, p.event_id, p.type, p.schema_version,
           p.payload, p.codec, p.metadata, p.tags, p.recorded_at
    from (values (1)) as header
    left join (
        select b.*, sum(octet_length(b.payload) + octet_length(b.metadata)) over (order by b.version)
                   - octet_length(b.payload) - octet_length(b.metadata) as bytes_before
        from (select e.position, e.version, e.event_id, e.type, e.schema_version, e.payload::text as payload, e.codec,
                     e.metadata::text as metadata, e.tags, e.recorded_at
              from "${schema}".event e
              where e.tenant = p_tenant and e.stream_type = p_stream_type and e.stream_id = p_stream_id
                and e.version >= first and e.version <= least(p_to, latest)
              order by e.version limit p_limit) as b) as p
        on p.bytes_before < p_max_bytes
    order by p.version;

    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- The same, newest first, from p_from downwards.
create function "${schema}".load_stream_backward(
    p_tenant text, p_stream_type text, p_stream_id text,
    p_from bigint, p_limit int, p_max_bytes bigint)
    returns table (
        latest_version bigint, deleted boolean,
        "position" bigint, version bigint, event_id uuid, type text, schema_version int,
        payload text, codec text, metadata text, tags text[], recorded_at timestamptz)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
#variable_conflict use_column
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    latest bigint;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;

    select v.version into latest from "${schema}".latest_version(p_tenant, p_stream_type, p_stream_id) v;

    return query
    select coalesce(latest, 0),
           latest is null and exists (
               select from "${schema}".closed_stream c
               where c.tenant = p_tenant and c.stream_type = p_stream_type and c.stream_id = p_stream_id
                 and c.status = 'deleted'),
           p.position, p.version, p.event_id, p.type, p.schema_version,
           p.payload, p.codec, p.metadata, p.tags, p.recorded_at
    from (values (1)) as header
    left join (
        select b.*, sum(octet_length(b.payload) + octet_length(b.metadata)) over (order by b.version desc)
                   - octet_length(b.payload) - octet_length(b.metadata) as bytes_before
        from (select e.position, e.version, e.event_id, e.type, e.schema_version, e.payload::text as payload, e.codec,
                     e.metadata::text as metadata, e.tags, e.recorded_at
              from "${schema}".event e
              where e.tenant = p_tenant and e.stream_type = p_stream_type and e.stream_id = p_stream_id
                and e.version <= least(p_from, latest)
              order by e.version desc limit p_limit) as b) as p
        on p.bytes_before < p_max_bytes
    order by p.version desc;

    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- Those of the streams that have events, by their place in the arrays (from 1 on).
create function "${schema}".existing_streams(p_tenant text, p_types text[], p_ids text[]) returns int[]
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    places int[];
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    select coalesce(array_agg(s.place), '{}') into places
    from unnest(p_types, p_ids) with ordinality as s (type, id, place)
    where exists (select from "${schema}".latest_version(p_tenant, s.type, s.id));
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
    return places;
end
$$;
