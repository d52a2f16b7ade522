-- Keeps a snapshot unless a later one of its type and schema version is kept. Outcome is 'saved', 'ahead' (nothing was
-- written: the stream has only p_actual events) or 'deleted'. The stream is locked so that a deletion cannot leave a
-- snapshot behind.
create function "${schema}".save_snapshot(
    p_tenant text, p_stream_type text, p_stream_id text, p_version bigint,
    p_type text, p_schema_version int, p_state text, p_codec text,
    out outcome text, out actual bigint)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    closed_as text;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        outcome := 'isolation';
        return;
    end if;
    if current_setting('transaction_read_only') = 'on' then
        outcome := 'read-only';
        return;
    end if;
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if "${schema}".lock_streams(p_tenant, array[p_stream_type], array[p_stream_id]) is null then end if;

    select coalesce((select v.version from "${schema}".latest_version(p_tenant, p_stream_type, p_stream_id) v), 0),
           (select c.status from "${schema}".closed_stream c
            where c.tenant = p_tenant and c.stream_type = p_stream_type and c.stream_id = p_stream_id)
    into actual, closed_as;

    if closed_as = 'deleted' then
        outcome := 'deleted';
    elsif actual < p_version then
        outcome := 'ahead';
    else
        insert into "${schema}".snapshot as s (
            tenant, stream_type, stream_id, type, schema_version, version, state, codec, taken_at)
        values (p_tenant, p_stream_type, p_stream_id, p_type, p_schema_version, p_version,
                p_state::jsonb, p_codec, clock_timestamp())
        on conflict (tenant, stream_type, stream_id, type, schema_version) do update
            set version = excluded.version, state = excluded.state, codec = excluded.codec, taken_at = excluded.taken_at
            where s.version <= excluded.version;
        outcome := 'saved';
    end if;

    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

create function "${schema}".latest_snapshot(
    p_tenant text, p_stream_type text, p_stream_id text, p_type text, p_schema_versions int[])
    returns table (version bigint, schema_version int, state text, codec text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
#variable_conflict use_column
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    return query
    select s.version, s.schema_version, s.state::text, s.codec
    from "${schema}".snapshot s
    where s.tenant = p_tenant and s.stream_type = p_stream_type and s.stream_id = p_stream_id
      and s.type = p_type and s.schema_version = any (p_schema_versions)
    order by s.version desc, s.schema_version desc limit 1;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

create function "${schema}".delete_snapshots(p_tenant text, p_stream_type text, p_stream_id text) returns text
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        return 'isolation';
    end if;
    if current_setting('transaction_read_only') = 'on' then
        return 'read-only';
    end if;
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    delete from "${schema}".snapshot s
    where s.tenant = p_tenant and s.stream_type = p_stream_type and s.stream_id = p_stream_id;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
    return 'deleted';
end
$$;

-- What the library compares with the range that it supports. Each later migration replaces it.
create function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.5';
