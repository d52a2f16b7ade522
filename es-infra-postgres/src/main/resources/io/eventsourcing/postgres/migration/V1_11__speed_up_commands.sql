-- Commands are found by indexes, not by statistics. A plan that is made while the table is empty, as it is in every new installation, took
-- the index of (tenant, number) to find a command by its id, and was kept while the table grew: each command read all others of its
-- tenant. So look-ups ask for an order that only their index delivers, with sorting switched off, and what is locked is changed by its
-- place.

create function "${schema}".command_with_id(p_tenant text, p_id uuid) returns setof "${schema}".command
    language sql stable
as $$
    select c.*
    from "${schema}".command c
    where c.tenant = p_tenant and c.id >= p_id and c.id <= p_id
    order by c.id
    limit 1
$$;

-- Stores commands to be handled later. A row for each: 'new', 'known', or in what it differs from the one of its id, and then nothing is
-- stored. Arrays are read by subscript, because an unnest of many builds a table of each.
create or replace function "${schema}".save_commands(
    p_tenant text, p_ids uuid[], p_stream_types text[], p_stream_ids text[],
    p_types text[], p_schema_versions int[], p_payloads text[], p_codecs text[],
    p_metadata text[], p_correlation_ids text[], p_due_at timestamptz[], p_delays_ms bigint[])
    returns table (place int, outcome text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    began          timestamptz := clock_timestamp();
    added          uuid[];
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;
    with inserted as (
        insert into "${schema}".command as c (
            tenant, id, stream_type, stream_id, type, schema_version, payload, codec, metadata, correlation_id,
            status, attempts, token, due_at, ready_at, stored_at)
        select p_tenant, p_ids[i], p_stream_types[i], p_stream_ids[i], p_types[i], p_schema_versions[i], p_payloads[i]::jsonb,
               p_codecs[i], p_metadata[i]::jsonb, p_correlation_ids[i], 'pending', 0, 0, t.due, t.due, began
        from generate_series(1, cardinality(p_ids)) as i
        cross join lateral (select coalesce(p_due_at[i], began + p_delays_ms[i] * interval '1 millisecond') as due) as t
        where not exists (
            select
            from generate_series(1, cardinality(p_ids)) as o
            cross join lateral "${schema}".command_with_id(p_tenant, p_ids[o]) k
            where "${schema}".command_difference(
                k, p_stream_types[o], p_stream_ids[o], p_types[o], p_schema_versions[o], p_payloads[o], p_codecs[o]) is not null)
        order by i
        on conflict (tenant, id) do nothing
        returning c.id)
    select coalesce(array_agg(i.id), '{}') into added from inserted i;

    if cardinality(added) = cardinality(p_ids) then
        return query select i, 'new' from generate_series(1, cardinality(p_ids)) as i;
    else
        -- a new statement, which sees what others have stored meanwhile
        return query
        select i,
               case when p_ids[i] = any (added) then 'new'
                    else coalesce("${schema}".command_difference(
                             k, p_stream_types[i], p_stream_ids[i], p_types[i], p_schema_versions[i], p_payloads[i], p_codecs[i]),
                         'known')
               end
        from generate_series(1, cardinality(p_ids)) as i
        cross join lateral "${schema}".command_with_id(p_tenant, p_ids[i]) k;
    end if;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- Ends a command together with its events. Outcomes besides those of append_events: 'ended'; 'known' with the first result; 'lost' if the
-- token is not that of the worker that holds it; 'type', 'stream' or 'payload' if the one of its id is another command.
--
-- A command that is stored is locked first, so that of two who end it the second one sees the first one's result. Two who end one that is
-- not stored meet at the lock of the stream, or else when they store it: then the events of the second one must go, with its transaction.
create or replace function "${schema}".complete_command(
    p_tenant text, p_id uuid, p_stream_type text, p_stream_id text, p_type text, p_schema_version int, p_payload text, p_codec text,
    p_metadata text, p_correlation_id text, p_token bigint, p_result text, p_is_success boolean,
    p_append_tenant text,
    p_stream_types text[], p_stream_ids text[], p_expected bigint[],
    p_requests int[], p_ordinals int[],
    p_event_ids uuid[], p_types text[], p_schema_versions int[],
    p_payloads text[], p_codecs text[], p_metadatas text[], p_tags text[],
    p_state_requests int[], p_state_types text[], p_state_schema_versions int[],
    p_states text[], p_state_codecs text[],
    out outcome text, out refused int, out actual bigint,
    out found_event uuid, out found_stream_type text, out found_stream_id text, out found_version bigint,
    out result text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    stored         record;
    known          "${schema}".command;
    difference     text;
    appended       record;
    ended          jsonb := p_result::jsonb;
    ended_at       timestamptz;
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
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;

    <<ending>>
    loop
        -- 1. the command, if it is stored
        select c.ctid as place, c as command into stored
        from "${schema}".command c
        where c.tenant = p_tenant and c.id >= p_id and c.id <= p_id
        order by c.id limit 1
        for update;
        known := stored.command;
        if known.id is not null then
            difference := "${schema}".command_difference(
                known, p_stream_type, p_stream_id, p_type, p_schema_version, p_payload, p_codec);
            if difference is not null then
                outcome := difference;
                exit ending;
            end if;
            if known.finished_at is not null then
                outcome := 'known';
                result := known.result::text;
                exit ending;
            end if;
        end if;
        if p_token is not null and (known.id is null or known.status <> 'consumed' or known.token <> p_token
                                    or known.ready_at <= clock_timestamp()) then
            outcome := 'lost';
            exit ending;
        end if;

        -- 2. its events
        if cardinality(p_stream_ids) > 0 then
            select * into appended
            from "${schema}".append_events(
                p_append_tenant, p_stream_types, p_stream_ids, p_expected, p_requests, p_ordinals, p_event_ids, p_types,
                p_schema_versions, p_payloads, p_codecs, p_metadatas, p_tags,
                p_state_requests, p_state_types, p_state_schema_versions, p_states, p_state_codecs);
            if appended.outcome <> 'appended' then
                outcome := appended.outcome;
                refused := appended.refused;
                actual := appended.actual;
                found_event := appended.found_event;
                found_stream_type := appended.found_stream_type;
                found_stream_id := appended.found_stream_id;
                found_version := appended.found_version;
                exit ending;
            end if;
            ended := ended || jsonb_build_object(
                'version', appended.versions[1], 'positions', to_jsonb(appended.positions));
        end if;

        -- 3. its end
        ended_at := clock_timestamp();
        if known.id is not null then
            update "${schema}".command c
            set status = case when p_is_success then 'processed' else 'failed' end, result = ended, finished_at = ended_at,
                last_error = null,
                attempts = c.attempts + case when p_token is null then 1 else 0 end,
                token = c.token + case when p_token is null then 1 else 0 end
            where c.ctid = stored.place;
            outcome := 'ended';
        else
            insert into "${schema}".command (
                tenant, id, stream_type, stream_id, type, schema_version, payload, codec, metadata, correlation_id,
                status, attempts, token, result, due_at, ready_at, stored_at, finished_at)
            values (p_tenant, p_id, p_stream_type, p_stream_id, p_type, p_schema_version, p_payload::jsonb, p_codec, p_metadata::jsonb,
                    p_correlation_id, case when p_is_success then 'processed' else 'failed' end, 1, 1, ended,
                    ended_at, ended_at, ended_at, ended_at)
            on conflict (tenant, id) do nothing;
            if found then
                outcome := 'ended';
            elsif cardinality(p_stream_ids) > 0 then
                raise exception 'The command % was ended by another transaction at the same time.', p_id
                    using errcode = 'serialization_failure';
            end if;
        end if;
        result := ended::text;
        exit ending when outcome is not null;
    end loop;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- What became of a command: null if it has not ended; in what it differs from the one of its id, if it is another one.
create function "${schema}".known_result(
    p_tenant text, p_id uuid, p_stream_type text, p_stream_id text, p_type text, p_schema_version int, p_payload text, p_codec text,
    out difference text, out result text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    select "${schema}".command_difference(c, p_stream_type, p_stream_id, p_type, p_schema_version, p_payload, p_codec), c.result::text
    into difference, result
    from "${schema}".command_with_id(p_tenant, p_id) c;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- Locks a command, if it is stored, and then its stream: in the order of complete_command, or two who end it could wait for each other.
create function "${schema}".hold_stream(p_tenant text, p_id uuid, p_stream_type text, p_stream_id text) returns void
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    perform from "${schema}".command c where c.tenant = p_tenant and c.id >= p_id and c.id <= p_id order by c.id limit 1 for update;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
    if "${schema}".lock_streams(p_tenant, array[p_stream_type], array[p_stream_id]) is null then end if;
end
$$;

create or replace function "${schema}".find_command(p_tenant text, p_id uuid) returns setof "${schema}".command
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    return query select c.* from "${schema}".command_with_id(p_tenant, p_id) c;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- In the order of their numbers, after the one of p_after. What is null is not looked at.
create or replace function "${schema}".list_commands(
    p_tenant text, p_status text, p_type text, p_stream_type text, p_stream_id text, p_correlation_id text,
    p_from timestamptz, p_before timestamptz, p_after uuid, p_limit int)
    returns setof "${schema}".command
    language plpgsql volatile
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    after_number   bigint := 0;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if p_after is not null then
        select c.number into after_number from "${schema}".command_with_id(p_tenant, p_after) c;
    end if;
    if p_correlation_id is not null then
        return query
        select c.* from "${schema}".command c
        where c.tenant = p_tenant and c.correlation_id = p_correlation_id and c.number > after_number
          and (p_status is null or c.status = p_status) and (p_type is null or c.type = p_type)
          and (p_stream_id is null or (c.stream_type = p_stream_type and c.stream_id = p_stream_id))
          and (p_from is null or c.stored_at >= p_from) and (p_before is null or c.stored_at < p_before)
        order by c.number limit p_limit;
    else
        return query
        select c.* from "${schema}".command c
        where c.tenant = p_tenant and c.number > after_number
          and (p_status is null or c.status = p_status) and (p_type is null or c.type = p_type)
          and (p_stream_id is null or (c.stream_type = p_stream_type and c.stream_id = p_stream_id))
          and (p_from is null or c.stored_at >= p_from) and (p_before is null or c.stored_at < p_before)
        order by c.number limit p_limit;
    end if;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- The status in which the command was; null if there is none. It is cancelled if that is 'pending'.
create or replace function "${schema}".cancel_command(p_tenant text, p_id uuid, p_result text, out status text, out result text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    place          tid;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    select c.ctid, c.status, c.result::text into place, status, result
    from "${schema}".command c
    where c.tenant = p_tenant and c.id >= p_id and c.id <= p_id
    order by c.id limit 1
    for update;
    if status = 'pending' then
        update "${schema}".command c
        set status = 'failed', result = p_result::jsonb, finished_at = clock_timestamp(), last_error = null
        where c.ctid = place;
    end if;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- The status in which the command was; null if there is none. It is removed unless that is 'consumed'.
create or replace function "${schema}".delete_command(p_tenant text, p_id uuid) returns text
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    place          tid;
    found_status   text;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    select c.ctid, c.status into place, found_status
    from "${schema}".command c
    where c.tenant = p_tenant and c.id >= p_id and c.id <= p_id
    order by c.id limit 1
    for update;
    delete from "${schema}".command c where c.ctid = place and c.status <> 'consumed';
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
    return found_status;
end
$$;

-- Loads the first pages of streams of one tenant that happen to be loaded together, in a transaction of their own: a row for each event, and
-- one for each stream without events, in the order of the streams. A page that ends before its stream does is continued by load_stream. Of a
-- stream that is deleted, deleted is true.
create function "${schema}".load_group(p_tenant text, p_stream_types text[], p_stream_ids text[], p_limit int, p_max_bytes bigint)
    returns table (
        place int, latest_version bigint, deleted boolean,
        "position" bigint, version bigint, event_id uuid, type text, schema_version int,
        payload text, codec text, metadata text, tags text[], recorded_at timestamptz)
    language plpgsql volatile
as $$
#variable_conflict use_column
begin
    -- the settings end with the transaction; the plans are made by indexes, not by statistics
    if set_config('eventsourcing.tenant', p_tenant, true) is null
        or set_config('plan_cache_mode', 'force_generic_plan', true) is null
        or set_config('enable_seqscan', 'off', true) is null
        or set_config('enable_bitmapscan', 'off', true) is null
        or set_config('enable_sort', 'off', true) is null
        or set_config('enable_hashjoin', 'off', true) is null
        or set_config('enable_mergejoin', 'off', true) is null
        or set_config('jit', 'off', true) is null
    then
        return;
    end if;
    return query
    select r, coalesce(v.version, 0),
           v.version is null and exists (
               select from "${schema}".closed_stream c
               where c.tenant = p_tenant and c.stream_type = p_stream_types[r] and c.stream_id = p_stream_ids[r]
                 and c.status = 'deleted'),
           p.position, p.version, p.event_id, p.type, p.schema_version,
           p.payload, p.codec, p.metadata, p.tags, p.recorded_at
    from generate_series(1, cardinality(p_stream_ids)) as r
    left join lateral "${schema}".latest_version(p_tenant, p_stream_types[r], p_stream_ids[r]) v on true
    left join lateral (
        select b.*, sum(octet_length(b.payload) + octet_length(b.metadata)) over (order by b.version)
                   - octet_length(b.payload) - octet_length(b.metadata) as bytes_before
        from (select e.position, e.version, e.event_id, e.type, e.schema_version, e.payload::text as payload, e.codec,
                     e.metadata::text as metadata, e.tags, e.recorded_at
              from "${schema}".event e
              where e.tenant = p_tenant and e.stream_type = p_stream_types[r] and e.stream_id = p_stream_ids[r]
                and e.version <= v.version
              order by e.version limit p_limit) as b) as p
        on p.bytes_before < p_max_bytes
    order by r, p.version;
end
$$;

-- Stores commands that happen to be stored together, of one tenant and each of another call, in a transaction of their own. Each is stored or
-- left out, because its id is known: save_commands says what to that. No lock is waited for for long. Gives the ids of those that were
-- stored.
create function "${schema}".save_group(
    p_tenant text, p_ids uuid[], p_stream_types text[], p_stream_ids text[],
    p_types text[], p_schema_versions int[], p_payloads text[], p_codecs text[],
    p_metadata text[], p_correlation_ids text[], p_due_at timestamptz[], p_delays_ms bigint[])
    returns uuid[]
    language plpgsql volatile
as $$
declare
    began timestamptz := clock_timestamp();
    added uuid[];
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null
        or (current_setting('synchronous_commit') = 'off' and set_config('synchronous_commit', 'local', true) is null)
        or set_config('plan_cache_mode', 'force_generic_plan', true) is null
        or set_config('jit', 'off', true) is null
        or set_config('lock_timeout', '500ms', true) is null
    then
        return null;
    end if;
    with inserted as (
        insert into "${schema}".command as c (
            tenant, id, stream_type, stream_id, type, schema_version, payload, codec, metadata, correlation_id,
            status, attempts, token, due_at, ready_at, stored_at)
        select p_tenant, p_ids[i], p_stream_types[i], p_stream_ids[i], p_types[i], p_schema_versions[i], p_payloads[i]::jsonb,
               p_codecs[i], p_metadata[i]::jsonb, p_correlation_ids[i], 'pending', 0, 0, t.due, t.due, began
        from generate_series(1, cardinality(p_ids)) as i
        cross join lateral (select coalesce(p_due_at[i], began + p_delays_ms[i] * interval '1 millisecond') as due) as t
        order by i
        on conflict (tenant, id) do nothing
        returning c.id)
    select array_agg(i.id) into added from inserted i;
    return added;
end
$$;

-- Ends commands that happen to be ended together, of one tenant, each with events for another stream, in one transaction of their own.
-- They have nothing to do with each other: each is ended or left out, and complete_command knows what to say of those that are. Gives the
-- results of those that were ended, null for the others.
--
-- The steps and the settings are those of append_group, and what it says of locks holds here as well: none is waited for, or not for long. So
-- a command that somebody has locked is left out, and of two who store one of the same id at the same time the second one's group goes, with
-- all its events, and each of its members is ended on its own.
create function "${schema}".complete_group(
    p_tenant text, p_ids uuid[], p_command_stream_types text[], p_command_stream_ids text[],
    p_command_types text[], p_command_schema_versions int[], p_command_payloads text[], p_command_codecs text[],
    p_command_metadata text[], p_correlation_ids text[], p_tokens bigint[], p_results text[],
    p_append_tenant text,
    p_stream_types text[], p_stream_ids text[], p_expected bigint[],
    p_requests int[], p_ordinals int[],
    p_event_ids uuid[], p_types text[], p_schema_versions int[],
    p_payloads text[], p_codecs text[], p_metadata text[], p_tags text[],
    out results text[])
    language plpgsql volatile
as $$
declare
    commands   int := cardinality(p_ids);
    events     int := cardinality(p_event_ids);
    locked     boolean[];
    places     tid[];
    latest     bigint[];
    repeated   int[];
    positions  bigint[];
    first      int := 1;
    next_event int := 1;
    ended_at   timestamptz;
    to_store   int := 0;
    stored     int;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable')
        -- 1. settings; the plans are made by indexes, not by statistics
        or set_config('eventsourcing.tenant', p_tenant, true) is null
        or (current_setting('synchronous_commit') = 'off' and set_config('synchronous_commit', 'local', true) is null)
        or set_config('plan_cache_mode', 'force_generic_plan', true) is null
        or set_config('enable_seqscan', 'off', true) is null
        or set_config('enable_bitmapscan', 'off', true) is null
        or set_config('enable_sort', 'off', true) is null
        or set_config('enable_hashjoin', 'off', true) is null
        or set_config('enable_mergejoin', 'off', true) is null
        or set_config('jit', 'off', true) is null
        or set_config('lock_timeout', '500ms', true) is null
        -- 2. locks
        or not pg_try_advisory_xact_lock_shared("${schema}".tenant_key(p_tenant))
    then
        return;
    end if;
    select array_agg(pg_try_advisory_xact_lock("${schema}".stream_key(p_tenant, p_stream_types[r], p_stream_ids[r]))
                     order by r)
    into locked
    from generate_series(1, commands) as r;
    if array_remove(p_tokens, null) <> '{}' then
        select array_agg(h.place order by r) into places
        from generate_series(1, commands) as r
        left join lateral (
            select c.ctid as place
            from "${schema}".command c
            where c.tenant = p_tenant and c.id >= p_ids[r] and c.id <= p_ids[r] and c.token = p_tokens[r]
              and c.status = 'consumed' and c.ready_at > clock_timestamp()
              and "${schema}".command_difference(
                      c, p_command_stream_types[r], p_command_stream_ids[r], p_command_types[r], p_command_schema_versions[r],
                      p_command_payloads[r], p_command_codecs[r]) is null
            order by c.id limit 1
            for update skip locked) as h on true;
    end if;
    ended_at := clock_timestamp();

    -- 3. look-ups, in a new statement
    select (select array_agg(p_requests[i])
            from generate_series(1, events) as i, "${schema}".event_with_id(p_tenant, p_event_ids[i])),
           (select array_agg(case when locked[r] and c.status is null
                                       and case when p_tokens[r] is null then k.id is null else places[r] is not null end
                                       and "${schema}".satisfies(p_expected[r], coalesce(v.version, 0))
                                  then coalesce(v.version, 0) end order by r)
            from generate_series(1, commands) as r
            left join lateral (select k.id from "${schema}".command_with_id(p_tenant, p_ids[r]) k) as k on p_tokens[r] is null
            left join "${schema}".latest_version(p_tenant, p_stream_types[r], p_stream_ids[r]) v on true
            left join "${schema}".closed_stream c
                on c.tenant = p_tenant and c.stream_type = p_stream_types[r] and c.stream_id = p_stream_ids[r])
    into repeated, latest;
    if repeated is not null then
        select array_agg(case when r <> all (repeated) then latest[r] end order by r) into latest
        from generate_series(1, commands) as r;
    end if;

    -- 4. registration
    if pg_advisory_xact_lock_shared(
        '"${schema}".event_position_seq'::regclass::oid::int, "${schema}".registration_key()) is null then end if;

    -- 5. insert
    with written as (
        insert into "${schema}".event as e (
            tenant, stream_type, stream_id, version, event_id, type, schema_version,
            payload, codec, metadata, tags, recorded_at)
        select p_tenant, p_stream_types[p_requests[i]], p_stream_ids[p_requests[i]], latest[p_requests[i]] + p_ordinals[i],
               p_event_ids[i], p_types[i], p_schema_versions[i],
               p_payloads[i]::jsonb, p_codecs[i], p_metadata[i]::jsonb, string_to_array(p_tags[i], chr(31)), ended_at
        from generate_series(1, events) as i
        where latest[p_requests[i]] is not null
        order by i
        returning e.position)
    select array_agg(w.position order by w.position) into positions from written w;
    if array_to_string(p_tags, '') <> '' and positions is not null then
        perform "${schema}".write_tags(p_tenant, p_event_ids, positions[1]);
    end if;

    -- 6. the ends of the commands, with the versions and the positions of their events
    results := array_fill(null::text, array[commands]);
    for r in 1..commands loop
        events := 0;
        while p_requests[next_event] = r loop
            events := events + 1;
            next_event := next_event + 1;
        end loop;
        if latest[r] is not null then
            results[r] := p_results[r]::jsonb || jsonb_build_object(
                'version', latest[r] + events, 'positions', to_jsonb(positions[first:first + events - 1]));
            first := first + events;
            to_store := to_store + (p_tokens[r] is null)::int;
        end if;
    end loop;
    if places is not null then
        update "${schema}".command c
        set status = 'processed', result = results[r]::jsonb, finished_at = ended_at, last_error = null
        from generate_series(1, commands) as r
        where c.ctid = places[r] and results[r] is not null;
    end if;
    if to_store > 0 then
        insert into "${schema}".command (
            tenant, id, stream_type, stream_id, type, schema_version, payload, codec, metadata, correlation_id,
            status, attempts, token, result, due_at, ready_at, stored_at, finished_at)
        select p_tenant, p_ids[r], p_command_stream_types[r], p_command_stream_ids[r], p_command_types[r], p_command_schema_versions[r],
               p_command_payloads[r]::jsonb, p_command_codecs[r], p_command_metadata[r]::jsonb, p_correlation_ids[r],
               'processed', 1, 1, results[r]::jsonb, ended_at, ended_at, ended_at, ended_at
        from generate_series(1, commands) as r
        where p_tokens[r] is null and results[r] is not null
        order by r
        on conflict (tenant, id) do nothing;
        get diagnostics stored = row_count;
        if stored < to_store then
            raise exception 'A command was ended by another transaction at the same time.' using errcode = 'serialization_failure';
        end if;
    end if;
end
$$;

-- What follows is for all tenants, and so for the system role alone.

-- For the question whether a command of a stream is being handled.
create index command_held on "${schema}".command (tenant, stream_type, stream_id) where status = 'consumed';

-- Locks a command that may be taken, unless somebody else has locked it, has taken or ended it meanwhile, or handles another one of its
-- stream; then null. Whoever takes one of a stream holds its queue, so that what others have taken is seen by the statement after that.
create function "${schema}".locked_command(
    p_place tid, p_token bigint, p_tenant text, p_stream_type text, p_stream_id text) returns tid
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    place tid;
begin
    if not pg_try_advisory_xact_lock(
        '"${schema}".command'::regclass::oid::int, hashtext(concat_ws(chr(31), p_tenant, p_stream_type, p_stream_id)))
    then
        return null;
    end if;
    select c.ctid into place
    from "${schema}".command c
    where c.ctid = p_place and c.token = p_token and c.finished_at is null and c.ready_at <= clock_timestamp()
      and not exists (
          select from "${schema}".command o
          where o.tenant = p_tenant and o.stream_type = p_stream_type and o.stream_id = p_stream_id and o.status = 'consumed'
            and o.ready_at > clock_timestamp())
    for update skip locked;
    return place;
end
$$;

-- Takes commands that are due, of types in the versions that the worker knows; of one stream only, if it is named. Each is the first of its
-- stream that is not over, and none of its stream is being handled: one that waits for whatever holds up those behind it. Says of each
-- whether another one of its stream is stored behind it.
--
-- It looks at the streams of those that are due longest: of some, and if too few of these may be taken, of more, so that what it costs does
-- not grow with what waits behind others. Whoever is thorough looks at all.
create function "${schema}".take_commands(
    p_worker text, p_limit int, p_lease_ms bigint, p_types text[], p_versions int[],
    p_tenant text, p_stream_type text, p_stream_id text, p_is_thorough boolean)
    returns table (command "${schema}".command, has_next boolean)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set jit = off
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    at_this_time  timestamptz := clock_timestamp();
    places        tid[] := '{}';
    place         tid;
    head          record;
    most          int;
    due           bigint;
begin
    perform "${schema}".require_read_committed();
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    -- a claim must survive a crash: a token that is forgotten is given out again
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;

    if p_stream_id is null then
        <<looks>>
        foreach most in array case when p_is_thorough then array[null::int] else array[4 * p_limit + 50, 5000] end loop
            due := 0;
            for head in
                select h.place, h.token, s.tenant, s.stream_type, s.stream_id, s.waiting,
                       h.ready_at <= at_this_time
                       and h.schema_version <= p_versions[array_position(p_types, h.type)] as is_free
                from (select d.tenant, d.stream_type, d.stream_id, count(*) as waiting,
                             min(d.ready_at) as ready_at, min(d.number) as number
                      from (select c.tenant, c.stream_type, c.stream_id, c.ready_at, c.number
                            from "${schema}".command c
                            where c.finished_at is null and c.ready_at <= at_this_time
                              and c.schema_version <= p_versions[array_position(p_types, c.type)]
                            order by c.ready_at, c.number limit most) as d
                      group by d.tenant, d.stream_type, d.stream_id) as s
                cross join lateral (
                    select e.ctid as place, e.token, e.type, e.schema_version, e.ready_at
                    from "${schema}".command e
                    where e.tenant = s.tenant and e.stream_type = s.stream_type and e.stream_id = s.stream_id
                      and e.finished_at is null
                    order by e.tenant, e.stream_type, e.stream_id, e.due_at, e.number limit 1) as h
                order by s.ready_at, s.number
            loop
                due := due + head.waiting;
                if head.is_free then
                    place := "${schema}".locked_command(
                        head.place, head.token, head.tenant, head.stream_type, head.stream_id);
                    if place is not null and place <> all (places) then
                        places := places || place;
                        exit looks when cardinality(places) = p_limit;
                    end if;
                end if;
            end loop;
            exit looks when due < most;
        end loop;
    else
        select "${schema}".locked_command(c.place, c.token, p_tenant, p_stream_type, p_stream_id) into place
        from (select e.ctid as place, e.token, e.type, e.schema_version, e.ready_at
              from "${schema}".command e
              where e.tenant = p_tenant and e.stream_type = p_stream_type and e.stream_id = p_stream_id
                and e.finished_at is null
              order by e.tenant, e.stream_type, e.stream_id, e.due_at, e.number limit 1) as c
        where c.ready_at <= at_this_time and c.schema_version <= p_versions[array_position(p_types, c.type)];
        places := case when place is null then places else places || place end;
    end if;

    if cardinality(places) > 0 then
        return query
        with taken as (
            update "${schema}".command c
            set status = 'consumed', attempts = c.attempts + 1, token = c.token + 1, worker = p_worker,
                ready_at = clock_timestamp() + p_lease_ms * interval '1 millisecond'
            from generate_series(1, cardinality(places)) as i
            where c.ctid = places[i]
            returning c as command, i as place)
        select t.command, exists (
                   select
                   from (select e.number
                         from "${schema}".command e
                         where e.tenant = (t.command).tenant and e.stream_type = (t.command).stream_type
                           and e.stream_id = (t.command).stream_id and e.finished_at is null
                         order by e.tenant, e.stream_type, e.stream_id, e.due_at, e.number limit 1 offset 1) as behind)
        from taken t
        order by t.place;
    end if;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

-- For nodes of an older version, which know no versions of types, and are always thorough.
create or replace function "${schema}".claim_commands(
    p_worker text, p_limit int, p_lease_ms bigint, p_types text[], p_tenant text, p_stream_type text, p_stream_id text)
    returns setof "${schema}".command
    language sql volatile
as $$
    select (t.command).*
    from "${schema}".take_commands(
        p_worker, p_limit, p_lease_ms, p_types, array_fill(2147483647, array[cardinality(p_types)]), p_tenant, p_stream_type,
        p_stream_id, true) t
$$;
alter function "${schema}".claim_commands(text, int, bigint, text[], text, text, text) reset all;

drop function "${schema}".is_first_of_stream("${schema}".command);

-- The places of those that are held; their leases last from now on.
create or replace function "${schema}".extend_commands(p_tenants text[], p_ids uuid[], p_tokens bigint[], p_lease_ms bigint) returns setof int
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    held          int[];
    places        tid[];
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    select array_agg(i), array_agg(h.place) into held, places
    from generate_series(1, cardinality(p_ids)) as i
    cross join lateral (
        select c.ctid as place
        from "${schema}".command c
        where c.tenant = p_tenants[i] and c.id >= p_ids[i] and c.id <= p_ids[i] and c.token = p_tokens[i]
          and c.status = 'consumed' and c.ready_at > clock_timestamp()
        order by c.id limit 1
        for update skip locked) as h; -- whoever has locked it is ending it
    -- a new statement, which sees what was locked
    return query
    update "${schema}".command c
    set ready_at = clock_timestamp() + p_lease_ms * interval '1 millisecond'
    from generate_series(1, cardinality(places)) as i
    where c.ctid = places[i]
    returning held[i];
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

-- Gives a command back, to be tried again, and says whether this attempt counts; false if the worker does not hold it any more.
create function "${schema}".retry_command(
    p_tenant text, p_id uuid, p_token bigint, p_pause_ms bigint, p_error text, p_counts boolean) returns boolean
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    place         tid;
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    select c.ctid into place
    from "${schema}".command c
    where c.tenant = p_tenant and c.id >= p_id and c.id <= p_id and c.token = p_token
      and c.status = 'consumed' and c.ready_at > clock_timestamp()
    order by c.id limit 1
    for update;
    update "${schema}".command c
    set status = 'pending', ready_at = clock_timestamp() + p_pause_ms * interval '1 millisecond', last_error = p_error,
        attempts = c.attempts - case when p_counts then 0 else 1 end
    where c.ctid = place;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
    return place is not null;
end
$$;

-- For nodes of an older version.
create or replace function "${schema}".retry_command(p_tenant text, p_id uuid, p_token bigint, p_pause_ms bigint, p_error text) returns boolean
    language sql volatile
as $$
    select "${schema}".retry_command(p_tenant, p_id, p_token, p_pause_ms, p_error, true)
$$;
alter function "${schema}".retry_command(text, uuid, bigint, bigint, text) reset all;

-- Gives commands back that were not tried.
create or replace function "${schema}".release_commands(p_tenants text[], p_ids uuid[], p_tokens bigint[]) returns void
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    places        tid[];
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    select array_agg(h.place) into places
    from generate_series(1, cardinality(p_ids)) as i
    cross join lateral (
        select c.ctid as place
        from "${schema}".command c
        where c.tenant = p_tenants[i] and c.id >= p_ids[i] and c.id <= p_ids[i] and c.token = p_tokens[i]
          and c.status = 'consumed' and c.ready_at > clock_timestamp()
        order by c.id limit 1
        for update) as h;
    update "${schema}".command c
    set status = 'pending', ready_at = clock_timestamp(), attempts = c.attempts - 1
    from generate_series(1, cardinality(places)) as i
    where c.ctid = places[i];
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

create or replace function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.11';
