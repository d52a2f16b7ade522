-- Claims read and lock what they take in two statements, not in one for each command, and ends look up less.

-- Ends commands that happen to be ended together, of one tenant, each with events for another stream, in one transaction of their own.
-- They have nothing to do with each other: each is ended or left out, and complete_command knows what to say of those that are. Gives the
-- results of those that were ended, null for the others.
--
-- The steps and the settings are those of append_group, and what it says of locks holds here as well: none is waited for, or not for long. So
-- a command that somebody has locked is left out. Of two who store one of the same id at the same time the second one's group goes, with
-- all its events, and each of its members is ended on its own; so it is where an event id is recorded already, which violates its key: the
-- events of commands have new ids each time, so that it is not worth a look-up.
create or replace function "${schema}".complete_group(
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
    select array_agg(case when locked[r] and c.status is null
                               and case when p_tokens[r] is null then k.id is null else places[r] is not null end
                               and "${schema}".satisfies(p_expected[r], coalesce(v.version, 0))
                          then coalesce(v.version, 0) end order by r)
    into latest
    from generate_series(1, commands) as r
    left join lateral (select k.id from "${schema}".command_with_id(p_tenant, p_ids[r]) k) as k on p_tokens[r] is null
    left join "${schema}".latest_version(p_tenant, p_stream_types[r], p_stream_ids[r]) v on true
    left join "${schema}".closed_stream c
        on c.tenant = p_tenant and c.stream_type = p_stream_types[r] and c.stream_id = p_stream_ids[r];

    -- 4. registration, under the key of registration_key(), written out because a call costs too much; a null key takes no lock and answers
    -- null
    if pg_advisory_xact_lock_shared(
        '"${schema}".event_position_seq'::regclass::oid::int,
        (((pg_sequence_last_value('"${schema}".event_position_seq'::regclass) + 2147483648) & 4294967295) - 2147483648)::int) is null
    then
        return;
    end if;

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

-- locked_command stays for claims that are under way while this is migrated.

-- Takes commands that are due, of types in the versions that the worker knows; of one stream only, if it is named. Each is the first of its
-- stream that is not over, and none of its stream is being handled: one that waits for whatever holds up those behind it. Says of each
-- whether another one of its stream is stored behind it.
--
-- It looks at the streams of those that are due longest: of some, and if too few of these may be taken, of more, so that what it costs does
-- not grow with what waits behind others. Whoever is thorough looks at all.
--
-- What was handled leaves dead entries in the index of what is ready, which stay until the next vacuum, and to pass 50,000 of them took
-- longer than all the rest. So for a second after a look from the beginning, a session begins where it found the first one of these types
-- the last time, less a second for what was committed late; and if it finds none that is free, from the beginning again. What turns out to
-- have been ready before that is seen by the next look from the beginning.
--
-- The first one of a stream is found by the order that only the index of streams delivers, with sorting switched off as far as that goes: a
-- plan that was made for some hundred commands took the index of (tenant, number) and sorted, and read all commands of a tenant for each
-- stream while the table grew.
--
-- Whoever takes one of a stream holds its queue until the transaction ends. So the first ones are looked up and their queues locked by one
-- statement, and what others have taken meanwhile is seen by the next one.
create or replace function "${schema}".take_commands(
    p_worker text, p_limit int, p_lease_ms bigint, p_types text[], p_versions int[],
    p_tenant text, p_stream_type text, p_stream_id text, p_is_thorough boolean)
    returns table (command "${schema}".command, has_next boolean)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    at_this_time  timestamptz := clock_timestamp();
    last_look     text[] := nullif(current_setting('eventsourcing.last_look_${schema}', true), '');
    looks_for     text := hashtext(p_types::text || p_versions::text);
    looked_at     double precision := extract(epoch from at_this_time);
    ready_from    timestamptz := '-infinity';
    first_ready   timestamptz;
    most          int;
    due           bigint;
    heads         tid[];
    tokens        bigint[];
    tenants       text[];
    ids           uuid[];
    stream_types  text[];
    stream_ids    text[];
    places        tid[] := '{}';
begin
    perform "${schema}".require_read_committed();
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    -- a claim must survive a crash: a token that is forgotten is given out again
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;

    if not p_is_thorough and last_look[3] = looks_for
        and looked_at between last_look[1]::double precision and last_look[1]::double precision + 1 then
        looked_at := last_look[1];
        ready_from := to_timestamp(last_look[2]::double precision);
    end if;

    foreach most in array
        case when p_stream_id is not null or p_is_thorough then array[null::int] else array[2 * p_limit + 20, 500, 5000] end
    loop
        -- 1. the first commands of some streams, as far as nobody else has locked their queues
        with due_longest as materialized (
            select c.tenant, c.stream_type, c.stream_id, c.ready_at, c.number
            from "${schema}".command c
            where p_stream_id is null and c.finished_at is null and c.ready_at between ready_from and at_this_time
              and c.schema_version <= p_versions[array_position(p_types, c.type)]
            order by c.ready_at, c.number limit most),
        streams as materialized (
            select d.tenant, d.stream_type, d.stream_id
            from due_longest d
            group by d.tenant, d.stream_type, d.stream_id
            order by min(d.ready_at), min(d.number)),
        these as (
            select * from streams
            union all
            select p_tenant, p_stream_type, p_stream_id where p_stream_id is not null),
        free as (
            select s.tenant, s.stream_type, s.stream_id, h.place, h.id, h.token
            from these s
            cross join lateral (
                select e.ctid as place, e.id, e.token, e.ready_at, e.schema_version, e.type
                from "${schema}".command e
                where e.tenant = s.tenant and e.stream_type = s.stream_type and e.stream_id = s.stream_id
                  and e.finished_at is null
                order by e.tenant, e.stream_type, e.stream_id, e.due_at, e.number limit 1) as h
            where case when h.ready_at <= at_this_time and h.schema_version <= p_versions[array_position(p_types, h.type)]
                            and h.place <> all (places)
                       then pg_try_advisory_xact_lock(
                           '"${schema}".command'::regclass::oid::int,
                           hashtext(concat_ws(chr(31), s.tenant, s.stream_type, s.stream_id))) end
            limit p_limit - cardinality(places))
        select (select count(*) from due_longest), (select min(d.ready_at) from due_longest d),
               array_agg(f.place), array_agg(f.id), array_agg(f.token),
               array_agg(f.tenant), array_agg(f.stream_type), array_agg(f.stream_id)
        into due, first_ready, heads, ids, tokens, tenants, stream_types, stream_ids
        from free f;

        -- 2. those of them that are still free
        select places || coalesce(array_agg(l.place), '{}') into places
        from generate_series(1, cardinality(heads)) as i
        cross join lateral (
            select c.ctid as place
            from "${schema}".command c
            where c.ctid = heads[i] and c.id = ids[i] and c.token = tokens[i] and c.finished_at is null
              and c.ready_at <= clock_timestamp()
              and not exists (
                  select from "${schema}".command o
                  where o.tenant = tenants[i] and o.stream_type = stream_types[i] and o.stream_id = stream_ids[i]
                    and o.status = 'consumed' and o.ready_at > clock_timestamp())
            for update skip locked) as l;
        exit when cardinality(places) = p_limit
               or due < most and (cardinality(places) > 0 or ready_from = '-infinity');
        ready_from := '-infinity';
        looked_at := extract(epoch from at_this_time);
    end loop;
    if p_stream_id is null then
        perform set_config(
            'eventsourcing.last_look_${schema}',
            array[looked_at::text, (extract(epoch from coalesce(first_ready, at_this_time)) - 1)::text, looks_for]::text,
            false);
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

create or replace function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.12';
