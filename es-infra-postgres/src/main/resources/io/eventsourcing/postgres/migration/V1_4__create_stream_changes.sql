-- Archives a stream, takes it out of the archive, or deletes it; p_status is 'archived', 'open' or 'deleted'. Returns what
-- was found, before: 'open', 'archived', 'deleted' or 'missing'; nothing is changed for a deleted or missing one.
create function "${schema}".change_stream(p_tenant text, p_stream_type text, p_stream_id text, p_status text) returns text
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    latest bigint;
    found_status text;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        return 'isolation';
    end if;
    if current_setting('transaction_read_only') = 'on' then
        return 'read-only';
    end if;
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;
    if "${schema}".lock_streams(p_tenant, array[p_stream_type], array[p_stream_id]) is null then end if;

    select (select v.version from "${schema}".latest_version(p_tenant, p_stream_type, p_stream_id) v),
           (select c.status from "${schema}".closed_stream c
            where c.tenant = p_tenant and c.stream_type = p_stream_type and c.stream_id = p_stream_id)
    into latest, found_status;
    found_status := coalesce(found_status, case when latest is null then 'missing' else 'open' end);

    if found_status in ('open', 'archived') and found_status <> p_status then
        if p_status = 'deleted' then
            -- planned on each call, with the statistics of today: seldom used, and nothing here asks for an order
            execute 'delete from "${schema}".event_tag t
                     using "${schema}".event e, unnest(e.tags) as g (tag)
                     where e.tenant = $1 and e.stream_type = $2 and e.stream_id = $3
                       and t.tenant = $1 and t.tag = g.tag and t.position = e.position'
            using p_tenant, p_stream_type, p_stream_id;
            execute 'delete from "${schema}".event e
                     where e.tenant = $1 and e.stream_type = $2 and e.stream_id = $3'
            using p_tenant, p_stream_type, p_stream_id;
            delete from "${schema}".snapshot s
            where s.tenant = p_tenant and s.stream_type = p_stream_type and s.stream_id = p_stream_id;
        end if;
        if p_status = 'open' then
            delete from "${schema}".closed_stream c
            where c.tenant = p_tenant and c.stream_type = p_stream_type and c.stream_id = p_stream_id;
        else
            insert into "${schema}".closed_stream (tenant, stream_type, stream_id, status, version, closed_at)
            values (p_tenant, p_stream_type, p_stream_id, p_status, latest, clock_timestamp())
            on conflict (tenant, stream_type, stream_id) do update
                set status = excluded.status, version = excluded.version, closed_at = excluded.closed_at;
        end if;
    end if;

    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
    return found_status;
end
$$;
